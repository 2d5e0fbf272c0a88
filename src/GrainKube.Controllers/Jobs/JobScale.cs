using GrainKube.Controllers.ReplicaSets;
using k8s.Models;

namespace GrainKube.Controllers.Jobs;

/// <summary>Which active pods of a job that goes on are too many, or which are to be made. Never both at once, as upstream.</summary>
/// <param name="Delete">Pods to take away; they are not counted.</param>
/// <param name="Create">Pods to make.</param>
/// <param name="WakeAfter">When the back-off of failed pods ends.</param>
internal sealed record JobScale(IReadOnlyList<JobPod> Delete, IReadOnlyList<NewJobPod> Create, TimeSpan? WakeAfter)
{
    /// <summary>No more than this many pods are made or deleted in one go.</summary>
    public const int Burst = 500;

    public static JobScale For(V1Job job, JobPods pods, DateTimeOffset now)
    {
        if (job.Spec.Suspend == true)
        {
            return new JobScale([.. Surplus(job, pods, pods.Active.Count).Take(Burst)], [], null);
        }

        var wanted = Wanted(job, pods);
        var surplus = Surplus(job, pods, Math.Max(0, pods.Active.Count - wanted));
        if (surplus.Count > 0)
        {
            return new JobScale([.. surplus.Take(Burst)], [], null);
        }

        var missing = Math.Min(Burst, wanted - pods.Active.Count - (pods.ReplacesOnlyFailed ? pods.Terminating : 0));
        return missing > 0 ? Fill(job, pods, missing, now) : new JobScale([], [], null);
    }

    private static int Wanted(V1Job job, JobPods pods)
    {
        var parallelism = job.Spec.Parallelism ?? 1;
        return job.Spec.Completions is { } completions ? Math.Clamp(completions - pods.Succeeded, 0, parallelism)
            : pods.Succeeded > 0 ? pods.Active.Count // the first success ends the job: nothing new, what runs may finish
            : parallelism;
    }

    private static JobScale Fill(V1Job job, JobPods pods, int missing, DateTimeOffset now)
    {
        if (pods.LimitPerIndex is null && JobBackoff.Remaining(pods, now) is { Ticks: > 0 } wait)
        {
            return new JobScale([], [], wait);
        }

        if (!pods.IsIndexed)
        {
            return new JobScale([], [.. Enumerable.Repeat(new NewJobPod(null, null, 0), missing)], null);
        }

        var (made, next) = (new List<NewJobPod>(), (TimeSpan?)null);
        var failed = pods.LastFailedPerIndex();
        foreach (var index in Pending(job, pods).Take(missing))
        {
            if (failed.TryGetValue(index, out var last)
                && JobBackoff.Remaining(last.Failures + last.IgnoredFailures + 1, last.FinishedAt, now) is { Ticks: > 0 } left)
            {
                next = next < left ? next : left;
                continue;
            }

            made.Add(pods.LimitPerIndex is null ? new NewJobPod(index, null, 0) : NewJobPod.After(index, last, job));
        }

        return new JobScale([], made, next);
    }

    private static IEnumerable<int> Pending(V1Job job, JobPods pods)
    {
        var taken = pods.Active.Concat(pods.ReplacesOnlyFailed ? pods.All.Where(p => p.IsTerminating) : []).Select(p => p.Index).ToHashSet();
        for (var index = 0; index < (job.Spec.Completions ?? 0); index++)
        {
            if (!taken.Contains(index) && !pods.SucceededIndexes.Contains(index) && !pods.FailedIndexes.Contains(index))
            {
                yield return index;
            }
        }
    }

    /// <summary>First the pods that no index needs, then as many more as must go.</summary>
    private static List<JobPod> Surplus(V1Job job, JobPods pods, int atLeast)
    {
        var going = new List<JobPod>();
        var left = pods.Active.ToList();
        if (pods.IsIndexed)
        {
            foreach (var same in pods.Active.GroupBy(p => pods.HasValidIndex(p) ? p.Index : null))
            {
                var objects = same.Select(p => p.Object).ToList();
                going.AddRange(ReplicaRank.Victims(objects, same.Key is null ? objects.Count : objects.Count - 1).Select(JobPod.Of));
            }

            left.RemoveAll(p => going.Exists(g => g.Uid == p.Uid));
        }

        if (going.Count < atLeast)
        {
            going.AddRange(ReplicaRank.Victims([.. left.Select(p => p.Object)], atLeast - going.Count).Select(JobPod.Of));
        }

        return going;
    }
}
