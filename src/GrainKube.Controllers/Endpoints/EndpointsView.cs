using System.Text.Json;
using GrainKube.ApiMachinery.Objects;
using GrainKube.Controllers.ServiceEndpoints;

namespace GrainKube.Controllers.Endpoints;

/// <summary>Endpoints that exist, read once from each version's bytes.</summary>
internal sealed class EndpointsView
{
    private EndpointsView(KubeObject endpoints)
    {
        using var json = JsonDocument.Parse(endpoints.Json);
        Subsets = [.. json.RootElement.Items("subsets").Select(Subset.From)];
        Annotations = json.RootElement.GetProperty("metadata").Members("annotations").Select(a => a.Name).ToHashSet();
    }

    public IReadOnlyList<Subset> Subsets { get; }

    /// <summary>Their names.</summary>
    public IReadOnlySet<string> Annotations { get; }

    public static EndpointsView Of(KubeObject endpoints) => endpoints.Derive(static e => new EndpointsView(e));
}
