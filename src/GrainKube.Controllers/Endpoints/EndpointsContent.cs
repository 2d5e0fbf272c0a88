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
            ["annotations"] = Annotations(new HashSet<string>(), trigger),
        },
        ["subsets"] = SubsetsJson(),
    };

    /// <param name="existing">The object as it is.</param>
    /// <param name="turns">When each pod, by uid, became ready or unready.</param>
    /// <returns>What changes the object into this; null where it says this already.</returns>
    public JsonObject? Patch(KubeObject existing, Func<string, DateTimeOffset?> turns)
    {
        var view = EndpointsView.Of(existing);
        var stands = view.Subsets.Count == Subsets.Count
            && view.Subsets.Zip(Subsets).All(s => s.First.Says(s.Second))
            && existing.Header.Labels.Count == Labels.Count
            && Labels.All(l => existing.Header.Labels.GetValueOrDefault(l.Key) == l.Value)
            && view.Annotations.Contains(EndpointLabels.OverCapacity) == Truncated;
        if (stands)
        {
            return null;
        }

        var known = view.Subsets.SelectMany(s => s.Addresses).Select(a => (a.Target.Uid, a.Ready)).ToHashSet();
        var news = Subsets.SelectMany(s => s.Addresses).Where(a => !known.Contains((a.Target.Uid, a.Ready)));
        return new JsonObject
        {
            ["metadata"] = new JsonObject
            {
                ["labels"] = LabelsFor(existing.Header.Labels.Keys),
                ["annotations"] = Annotations(view.Annotations, ServiceLabels.Trigger(news.Select(a => turns(a.Target.Uid)))),
            },
            ["subsets"] = Subsets.Count == 0 ? null : SubsetsJson(),
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

    private JsonObject Annotations(IReadOnlySet<string> known, KeyValuePair<string, string?> trigger)
    {
        var json = new JsonObject();
        if (trigger.Value is not null || known.Contains(trigger.Key))
        {
            json[trigger.Key] = trigger.Value;
        }

        if (Truncated || known.Contains(EndpointLabels.OverCapacity))
        {
            json[EndpointLabels.OverCapacity] = Truncated ? "truncated" : null;
        }

        return json;
    }
}
