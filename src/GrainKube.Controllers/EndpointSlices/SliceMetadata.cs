using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Objects;

namespace GrainKube.Controllers.EndpointSlices;

/// <summary>What every slice of an owner carries.</summary>
/// <param name="Owner">The service or the Endpoints behind the slices; its name begins their names.</param>
/// <param name="Labels">All labels.</param>
/// <param name="Annotations">All annotations; null leaves them to whoever made them.</param>
internal sealed record SliceMetadata(KubeObject Owner, IReadOnlyDictionary<string, string> Labels, IReadOnlyDictionary<string, string>? Annotations)
{
    /// <summary>An annotation that is written with a slice but is no reason to write one; a null value takes it away.</summary>
    public KeyValuePair<string, string?>? Trigger { get; init; }

    /// <summary>A slice whose labels, annotations or owner are not these.</summary>
    public bool IsStale(SliceContent slice) =>
        slice.Item.Header.Controller?.Uid != Owner.Header.Uid
        || slice.Item.Header.Labels.Count != Labels.Count
        || Labels.Any(l => slice.Item.Header.Labels.GetValueOrDefault(l.Key) != l.Value)
        || (Annotations is not null && (Annotations.Count != slice.Annotations.Count || Annotations.Any(a => slice.Annotations.GetValueOrDefault(a.Key) != a.Value)));

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
        foreach (var gone in slice is null || Annotations is null ? [] : slice.Annotations.Keys.Where(k => !Annotations.ContainsKey(k)))
        {
            json[gone] = null;
        }

        foreach (var (key, value) in Annotations ?? new Dictionary<string, string>())
        {
            json[key] = value;
        }

        if (Trigger is { } trigger && (trigger.Value is not null || slice?.Annotations.ContainsKey(trigger.Key) == true))
        {
            json[trigger.Key] = trigger.Value;
        }

        return json;
    }
}
