using GrainKube.Resources.Core.Pods;
using k8s.Models;

namespace GrainKube.Controllers.TaintEviction;

/// <summary>When a pod must leave its node because of NoExecute taints. Pure.</summary>
internal static class EvictionTime
{
    /// <param name="taints">Of the node.</param>
    /// <param name="tolerations">Of the pod.</param>
    /// <param name="arrived">When the pod came: a taint that was there before is tolerated for its time nevertheless.</param>
    /// <param name="since">Since when taints are known that do not say when they were added, which a client's rarely do.</param>
    /// <param name="now">The time.</param>
    /// <returns>Null where the pod may stay for ever.</returns>
    public static DateTimeOffset? Of(IEnumerable<V1Taint> taints, IReadOnlyList<V1Toleration> tolerations, DateTimeOffset arrived, DateTimeOffset since, DateTimeOffset now)
    {
        DateTimeOffset? first = null;
        foreach (var taint in taints.Where(t => t.Effect == "NoExecute"))
        {
            if (Leaves(taint, tolerations, taint.TimeAdded is { } added ? Later(new DateTimeOffset(added), arrived) : since, now) is { } at && (first is null || at < first))
            {
                first = at;
            }
        }

        return first;
    }

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;

    private static DateTimeOffset? Leaves(V1Taint taint, IReadOnlyList<V1Toleration> tolerations, DateTimeOffset since, DateTimeOffset now)
    {
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
