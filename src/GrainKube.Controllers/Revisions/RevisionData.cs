using System.Text.Json.Nodes;

namespace GrainKube.Controllers.Revisions;

/// <summary>
/// What a ControllerRevision remembers: a strategic merge patch that puts the pod template back. Clients rebuild it from the workload and compare bytes
/// (<c>kubectl rollout undo</c>), so members are sorted as Go sorts a map's.
/// </summary>
internal static class RevisionData
{
    private const string Directive = "$patch";

    public static JsonObject Of(JsonNode template)
    {
        var copy = (JsonObject)template.DeepClone();
        copy[Directive] = "replace";
        return new JsonObject { ["spec"] = new JsonObject { ["template"] = Sorted(copy) } };
    }

    /// <summary>The template that the data puts back; null where it is no such data.</summary>
    public static JsonObject? Template(JsonNode? data)
    {
        if (data?["spec"]?["template"] is not JsonObject remembered)
        {
            return null;
        }

        var template = (JsonObject)remembered.DeepClone();
        template.Remove(Directive);
        return template;
    }

    private static JsonNode? Sorted(JsonNode? node) => node switch
    {
        JsonObject members => new JsonObject(members.OrderBy(m => m.Key, StringComparer.Ordinal).Select(m => KeyValuePair.Create(m.Key, Sorted(m.Value)))),
        JsonArray items => new JsonArray([.. items.Select(Sorted)]),
        _ => node?.DeepClone(),
    };
}
