using GrainKube.ApiMachinery.Objects;
using GrainKube.Resources.Core.Pods;

namespace GrainKube.Controllers.ReplicaSets;

/// <summary>What a set of replicas needs: so many new pods or these victims, and the status that the pods add up to. Pure.</summary>
/// <param name="Create">How many pods to create now.</param>
/// <param name="Delete">Pods to delete now.</param>
/// <param name="Status">The counts of the pods as they are.</param>
/// <param name="WakeAfter">When the next pod becomes available by age alone.</param>
internal sealed record ReplicaSetPlan(int Create, IReadOnlyList<KubeObject> Delete, ReplicaCounts Status, TimeSpan? WakeAfter)
{
    /// <summary>No more than this many pods are created or deleted in one go.</summary>
    public const int Burst = 500;

    /// <param name="replicas">Wanted replicas.</param>
    /// <param name="minReadySeconds">How long a pod must be ready to count as available.</param>
    /// <param name="templateLabels">Labels of the template; pods that carry all of them are fully labelled.</param>
    /// <param name="pods">The pods that belong to the set, in every phase.</param>
    /// <param name="now">The time.</param>
    public static ReplicaSetPlan For(
        int replicas, int minReadySeconds, IReadOnlyDictionary<string, string> templateLabels, IReadOnlyList<KubeObject> pods, DateTimeOffset now)
    {
        var active = pods.Where(p => PodFacts.Of(p).IsActive).ToList();
        var surplus = active.Count - replicas;
        return new ReplicaSetPlan(
            surplus < 0 ? Math.Min(-surplus, Burst) : 0,
            surplus > 0 ? ReplicaRank.Victims(active, Math.Min(surplus, Burst)) : [],
            Count(active, pods, templateLabels, minReadySeconds, now),
            NextAvailable(active, minReadySeconds, now));
    }

    private static ReplicaCounts Count(
        List<KubeObject> active, IReadOnlyList<KubeObject> all, IReadOnlyDictionary<string, string> labels, int minReadySeconds, DateTimeOffset now)
    {
        var (full, ready, available) = (0, 0, 0);
        foreach (var pod in active)
        {
            var facts = PodFacts.Of(pod);
            full += labels.All(l => pod.Header.Labels.TryGetValue(l.Key, out var value) && value == l.Value) ? 1 : 0;
            ready += facts.IsReady ? 1 : 0;
            available += facts.IsAvailable(minReadySeconds, now) ? 1 : 0;
        }

        var terminating = all.Count(p => PodFacts.Of(p) is { IsTerminating: true, IsFinished: false });
        return new ReplicaCounts(active.Count, full, ready, available, terminating);
    }

    private static TimeSpan? NextAvailable(List<KubeObject> active, int minReadySeconds, DateTimeOffset now)
    {
        TimeSpan? next = null;
        if (minReadySeconds > 0)
        {
            foreach (var pod in active)
            {
                var facts = PodFacts.Of(pod);
                if (facts is { IsReady: true, ReadySince: { } since } && since.AddSeconds(minReadySeconds) - now is var left && left > TimeSpan.Zero
                    && (next is null || left < next))
                {
                    next = left;
                }
            }
        }

        return next;
    }
}
