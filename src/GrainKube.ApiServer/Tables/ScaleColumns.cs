using System.Text.Json;
using GrainKube.ApiMachinery.Objects;
using GrainKube.ApiMachinery.Tables;

namespace GrainKube.ApiServer.Tables;

/// <summary>What <c>kubectl get --subresource=scale</c> shows.</summary>
internal sealed class ScaleColumns : IColumns
{
    public static readonly ScaleColumns Instance = new();

    public IReadOnlyList<TableColumn> Columns { get; } =
    [
        NameAndAge.Name,
        new("Desired", "integer", "replicas is the desired number of instances for the scaled object."),
        new("Available", "integer", "replicas is the actual number of observed instances of the scaled object."),
        NameAndAge.CreatedAt,
    ];

    public IReadOnlyList<object?> Cells(KubeObject item, DateTimeOffset now)
    {
        using var scale = JsonDocument.Parse(item.Json);
        return [item.Header.Name, Replicas(scale, "spec"), Replicas(scale, "status"), Age.Of(item.Header.CreationTimestamp, now)];
    }

    private static long Replicas(JsonDocument scale, string part) =>
        scale.RootElement.TryGetProperty(part, out var place) && place.TryGetProperty("replicas", out var number) && number.TryGetInt64(out var replicas) ? replicas : 0;
}
