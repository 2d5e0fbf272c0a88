using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Schemas;
using k8s.Models;

namespace GrainKube.Controllers.NodeLifecycle;

/// <summary>The taints that follow from a node's conditions and from <c>spec.unschedulable</c>; all others are left alone. Pure.</summary>
internal static class NodeTaints
{
    private const string NotReady = "node.kubernetes.io/not-ready";
    private const string Unreachable = "node.kubernetes.io/unreachable";
    private const string Unschedulable = "node.kubernetes.io/unschedulable";

    private static readonly (string Condition, string Taint)[] Pressures =
    [
        ("MemoryPressure", "node.kubernetes.io/memory-pressure"),
        ("DiskPressure", "node.kubernetes.io/disk-pressure"),
        ("PIDPressure", "node.kubernetes.io/pid-pressure"),
        ("NetworkUnavailable", "node.kubernetes.io/network-unavailable"),
    ];

    private static readonly HashSet<string> Ours = [NotReady, Unreachable, Unschedulable, .. Pressures.Select(p => p.Taint)];

    /// <returns>The whole list for <c>spec.taints</c>, or null where it is right as it is.</returns>
    public static JsonArray? Of(V1Node node, DateTimeOffset now)
    {
        var wanted = Wanted(node).ToHashSet();
        var present = node.Spec?.Taints ?? [];
        if (wanted.SetEquals(present.Where(t => Ours.Contains(t.Key)).Select(t => (t.Key, t.Effect))))
        {
            return null;
        }

        var list = new JsonArray();
        foreach (var taint in present.Where(t => !Ours.Contains(t.Key) || wanted.Remove((t.Key, t.Effect))))
        {
            list.Add(Json(taint.Key, taint.Value, taint.Effect, taint.TimeAdded is { } at ? GoTime.Format(at) : null));
        }

        foreach (var (key, effect) in wanted.OrderBy(t => t.Key, StringComparer.Ordinal).ThenByDescending(t => t.Effect, StringComparer.Ordinal))
        {
            list.Add(Json(key, null, effect, GoTime.Format(now)));
        }

        return list;
    }

    private static IEnumerable<(string Key, string Effect)> Wanted(V1Node node)
    {
        if (node.Spec?.Unschedulable == true)
        {
            yield return (Unschedulable, "NoSchedule");
        }

        var ready = node.Status?.Conditions?.FirstOrDefault(c => c.Type == "Ready")?.Status;
        if (ready is not null and not "True")
        {
            var key = ready == "Unknown" ? Unreachable : NotReady;
            yield return (key, "NoSchedule");
            yield return (key, "NoExecute");
        }

        foreach (var (condition, taint) in Pressures)
        {
            if (node.Status?.Conditions?.Any(c => c.Type == condition && c.Status == "True") == true)
            {
                yield return (taint, "NoSchedule");
            }
        }
    }

    private static JsonObject Json(string key, string? value, string effect, string? added)
    {
        var taint = new JsonObject { ["key"] = key };
        if (!string.IsNullOrEmpty(value))
        {
            taint["value"] = value;
        }

        taint["effect"] = effect;
        if (added is not null)
        {
            taint["timeAdded"] = added;
        }

        return taint;
    }
}
