using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Objects;
using GrainKube.Controllers.ServiceEndpoints;

namespace GrainKube.Controllers.Endpoints;

/// <summary>What the Endpoints of a service are to say.</summary>
/// <param name="Labels">All labels.</param>
/// <param name="Subsets">All subsets.</param>
/// <param name="Truncated">Addresses were left out.</param>
internal sealed record EndpointsContent(IReadOnlyDictionary<string, string> Labels, IReadOnlyList<Subset> Subsets, bool Truncated)
{
    public JsonObject Create(KubeObject service, KeyValuePair<string, string?> trigger) => new()
    {
        ["apiVersion"] = "v1",
        ["kind"] = "Endpoints",
        ["metadata"] = new JsonObject
        {
            ["name"] = service.Header.Name,
            ["namespace"] = service.Key.Namespace,
            ["labels"] = LabelsFor([]),
            ["annotations"] = Annotations([], trigger),
        },
        ["subsets"] = SubsetsJson(),
    };

    /// <returns>What changes an object into this; null where it says this already.</returns>
    public JsonObject? Patch(KubeObject existing)
    {
        var node = existing.ToNode();
        var subsets = SubsetsJson();
        var annotations = node["metadata"]?["annotations"] as JsonObject ?? [];
        var stands = JsonNode.DeepEquals(node["subsets"] ?? new JsonArray(), subsets)
            && existing.Header.Labels.Count == Labels.Count
            && Labels.All(l => existing.Header.Labels.GetValueOrDefault(l.Key) == l.Value)
            && annotations.ContainsKey(EndpointLabels.OverCapacity) == Truncated;
        return stands ? null : new JsonObject
        {
            ["metadata"] = new JsonObject
            {
                ["labels"] = LabelsFor(existing.Header.Labels.Keys),
                ["annotations"] = Annotations(annotations, ServiceLabels.Trigger(News(node))),
            },
            ["subsets"] = subsets.Count == 0 ? null : subsets,
        };
    }

    private JsonArray SubsetsJson() => [.. Subsets.Select(s => s.ToJson())];

    private JsonObject LabelsFor(IEnumerable<string> known)
    {
        var json = new JsonObject();
        foreach (var gone in known.Where(k => !Labels.ContainsKey(k)))
        {
            json[gone] = null;
        }

        foreach (var (key, value) in Labels)
        {
            json[key] = value;
        }

        return json;
    }

    private JsonObject Annotations(JsonObject known, KeyValuePair<string, string?> trigger)
    {
        var json = new JsonObject();
        if (trigger.Value is not null || known.ContainsKey(trigger.Key))
        {
            json[trigger.Key] = trigger.Value;
        }

        if (Truncated || known.ContainsKey(EndpointLabels.OverCapacity))
        {
            json[EndpointLabels.OverCapacity] = Truncated ? "truncated" : null;
        }

        return json;
    }

    /// <summary>When the pods turned that are listed now and were not before, or not as ready.</summary>
    private IEnumerable<DateTimeOffset?> News(JsonObject before)
    {
        var known = new HashSet<(string?, bool)>();
        foreach (var subset in before["subsets"] as JsonArray ?? [])
        {
            foreach (var (member, ready) in (ReadOnlySpan<(string, bool)>)[("addresses", true), ("notReadyAddresses", false)])
            {
                foreach (var address in subset?[member] as JsonArray ?? [])
                {
                    known.Add(((string?)address?["targetRef"]?["uid"], ready));
                }
            }
        }

        return Subsets.SelectMany(s => s.Addresses).Where(a => !known.Contains((a.Pod.Item.Header.Uid, a.Ready))).Select(a => a.Pod.ReadySince);
    }
}
