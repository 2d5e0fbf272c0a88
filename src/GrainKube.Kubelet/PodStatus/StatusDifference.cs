using System.Text.Json.Nodes;

namespace GrainKube.Kubelet.PodStatus;

/// <summary>The merge patch from the status that is to the one that should be.</summary>
internal static class StatusDifference
{
    /// <summary>Members of a pod's status that the kubelet owns: only these are taken away where they no longer apply.</summary>
    private static readonly string[] Removable = ["containerStatuses", "initContainerStatuses", "message", "reason"];

    /// <returns>The members to set, or null where nothing differs. Explicit nulls count as absence.</returns>
    public static JsonObject? Between(JsonObject current, JsonObject wanted)
    {
        var patch = new JsonObject();
        foreach (var (name, value) in wanted)
        {
            if (!Same(current[name], value))
            {
                patch[name] = value?.DeepClone();
            }
        }

        foreach (var name in Removable)
        {
            if (!wanted.ContainsKey(name) && current[name] is not null)
            {
                patch[name] = null;
            }
        }

        return patch.Count == 0 ? null : patch;
    }

    private static bool Same(JsonNode? left, JsonNode? right)
    {
        switch (left, right)
        {
            case (JsonObject a, JsonObject b):
                return a.All(m => m.Value is null || Same(m.Value, b[m.Key])) && b.All(m => m.Value is null || a[m.Key] is not null);
            case (JsonArray a, JsonArray b):
                return a.Count == b.Count && a.Zip(b).All(pair => Same(pair.First, pair.Second));
            default:
                return JsonNode.DeepEquals(left, right);
        }
    }
}
