using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Objects;

namespace GrainKube.Controllers.EndpointSlices;

/// <summary>What every slice of an owner carries.</summary>
/// <param name="Owner">The service or the Endpoints behind the slices; its name begins their names.</param>
/// <param name="Labels">All labels.</param>
/// <param name="Annotations">Annotations that must be so; a null one must not be there. Others are left alone.</param>
internal sealed record SliceMetadata(KubeObject Owner, IReadOnlyDictionary<string, string> Labels, IReadOnlyDictionary<string, string?> Annotations)
{
    /// <summary>An annotation that is written with a slice but is no reason to write one; a null value takes it away.</summary>
    public KeyValuePair<string, string?>? Trigger { get; init; }

    /// <summary>A slice whose labels, annotations or owner are not these.</summary>
    public bool IsStale(SliceContent slice) =>
        slice.Item.Header.Controller?.Uid != Owner.Header.Uid
        || slice.Item.Header.Labels.Count != Labels.Count
        || Labels.Any(l => slice.Item.Header.Labels.GetValueOrDefault(l.Key) != l.Value)
        || Annotations.Any(a => slice.Annotations.GetValueOrDefault(a.Key) != a.Value);

    /// <summary>The labels of a patch: those that are to go are null.</summary>
    public JsonObject LabelsFor(SliceContent? slice)
    {
        var json = new JsonObject();
        foreach (var gone in slice?.Item.Header.Labels.Keys.Where(k => !Labels.ContainsKey(k)) ?? [])
        {
            json[gone] = null;
        }

        foreach (var (key, value) in Labels)
        {
            json[key] = value;
        }

        return json;
    }

    /// <summary>The annotations of a patch.</summary>
    public JsonObject AnnotationsFor(SliceContent? slice)
    {
        var json = new JsonObject();
        foreach (var (key, value) in Trigger is { } trigger ? Annotations.Append(trigger) : Annotations)
        {
            if (value is not null || slice?.Annotations.ContainsKey(key) == true)
            {
                json[key] = value;
            }
        }

        return json;
    }
}
