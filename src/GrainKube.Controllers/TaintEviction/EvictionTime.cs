using GrainKube.Resources.Core.Pods;
using k8s.Models;

namespace GrainKube.Controllers.TaintEviction;

/// <summary>When a pod must leave its node because of NoExecute taints. Pure.</summary>
internal static class EvictionTime
{
    /// <returns>Null where the pod may stay for ever.</returns>
    public static DateTimeOffset? Of(IEnumerable<V1Taint> taints, IReadOnlyList<V1Toleration> tolerations, DateTimeOffset now)
    {
        DateTimeOffset? first = null;
        foreach (var taint in taints.Where(t => t.Effect == "NoExecute"))
        {
            if (Leaves(taint, tolerations, now) is { } at && (first is null || at < first))
            {
                first = at;
            }
        }

        return first;
    }

    private static DateTimeOffset? Leaves(V1Taint taint, IReadOnlyList<V1Toleration> tolerations, DateTimeOffset now)
    {
        var since = taint.TimeAdded is { } added ? new DateTimeOffset(added) : now;
        long? shortest = null;
        var tolerated = false;
        foreach (var toleration in tolerations.Where(t => Tolerations.Tolerates(t, taint)))
        {
            tolerated = true;
            if (toleration.TolerationSeconds is { } seconds && (shortest is null || seconds < shortest))
            {
                shortest = Math.Max(0, seconds);
            }
        }

        return !tolerated ? now : shortest is { } limit ? since.AddSeconds(limit) : null;
    }
}
