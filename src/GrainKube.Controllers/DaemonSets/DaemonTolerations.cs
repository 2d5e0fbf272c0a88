using k8s.Models;

namespace GrainKube.Controllers.DaemonSets;

/// <summary>What every daemon pod tolerates: it stays on a node in trouble, and starts on one.</summary>
internal static class DaemonTolerations
{
    private static readonly (string Key, string Effect)[] Always =
    [
        ("node.kubernetes.io/not-ready", "NoExecute"),
        ("node.kubernetes.io/unreachable", "NoExecute"),
        ("node.kubernetes.io/disk-pressure", "NoSchedule"),
        ("node.kubernetes.io/memory-pressure", "NoSchedule"),
        ("node.kubernetes.io/pid-pressure", "NoSchedule"),
        ("node.kubernetes.io/unschedulable", "NoSchedule"),
    ];

    /// <summary>The template's tolerations with the automatic ones; one of the template's that says the same but for its seconds gives way.</summary>
    public static IReadOnlyList<V1Toleration> Of(V1PodSpec? template)
    {
        var all = new List<V1Toleration>(template?.Tolerations ?? []);
        var added = template?.HostNetwork == true ? Always.Append(("node.kubernetes.io/network-unavailable", "NoSchedule")) : Always;
        foreach (var (key, effect) in added)
        {
            var same = all.FindIndex(t => t.Key == key && t.Effect == effect && t.OperatorProperty == "Exists" && string.IsNullOrEmpty(t.Value));
            var toleration = new V1Toleration { Key = key, OperatorProperty = "Exists", Effect = effect };
            if (same < 0)
            {
                all.Add(toleration);
            }
            else
            {
                all[same] = toleration;
            }
        }

        return all;
    }
}
