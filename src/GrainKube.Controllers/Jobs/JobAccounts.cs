using k8s.Models;

namespace GrainKube.Controllers.Jobs;

/// <summary>
/// The books of a job. A pod's end goes from its finalizer into <c>uncountedTerminatedPods</c>, then the finalizer goes, then the counter grows: whatever the moment of a crash,
/// nothing is counted twice and nothing is lost.
/// </summary>
/// <param name="Succeeded">The counter to write.</param>
/// <param name="Failed">The counter to write.</param>
/// <param name="UncountedSucceeded">Uids to write.</param>
/// <param name="UncountedFailed">Uids to write.</param>
/// <param name="SucceededIndexes">Indexes to write.</param>
/// <param name="Release">Pods whose finalizer goes once that is written.</param>
internal sealed record JobAccounts(
    int Succeeded, int Failed, IReadOnlyList<string> UncountedSucceeded, IReadOnlyList<string> UncountedFailed, SortedSet<int> SucceededIndexes, IReadOnlyList<JobPod> Release)
{
    /// <summary>So many ends are taken into the status at once; the others wait for the next round.</summary>
    public const int MostAtOnce = 500;

    /// <param name="job">The job.</param>
    /// <param name="pods">Its pods.</param>
    /// <param name="verdict">Why it ends, if it does.</param>
    /// <param name="isDeleted">The job itself is going: every pod is let go.</param>
    /// <param name="discarded">Pods that are deleted in this round and not counted.</param>
    public static JobAccounts For(V1Job job, JobPods pods, JobVerdict? verdict, bool isDeleted, IReadOnlyList<JobPod> discarded)
    {
        var kept = pods.All.Where(p => p.HasFinalizer).Select(p => p.Uid).ToHashSet();
        var (succeeded, failed) = (pods.UncountedSucceeded.Where(kept.Contains).ToList(), pods.UncountedFailed.Where(kept.Contains).ToList());
        var counted = (job.Status?.Succeeded ?? 0) + pods.UncountedSucceeded.Count - succeeded.Count;
        var failures = (job.Status?.Failed ?? 0) + pods.UncountedFailed.Count - failed.Count;
        var (indexes, newIndexes, release) = (new SortedSet<int>(pods.PreviouslySucceeded), 0, new List<JobPod>());
        var delayed = pods.LastFailedPerIndex().Values.Select(p => p.Uid).ToHashSet();
        var going = discarded.Select(p => p.Uid).ToHashSet();
        foreach (var pod in pods.All)
        {
            if (!pod.HasFinalizer || going.Contains(pod.Uid))
            {
                continue;
            }

            if (newIndexes + succeeded.Count + failed.Count >= MostAtOnce)
            {
                break;
            }

            var isFailed = pods.IsFailed(pod);
            if (isDeleted || verdict is not null || pod.Phase == "Succeeded" || (isFailed && !delayed.Contains(pod.Uid)))
            {
                release.Add(pod);
            }

            if (!pods.HasValidIndex(pod) || pods.UncountedFailed.Contains(pod.Uid) || pods.UncountedSucceeded.Contains(pod.Uid))
            {
                continue;
            }

            if (pod.Phase == "Succeeded")
            {
                if (pods.IsIndexed)
                {
                    // The index is enough against counting it twice.
                    newIndexes += indexes.Add(pod.Index!.Value) ? 1 : 0;
                }
                else
                {
                    succeeded.Add(pod.Uid);
                }
            }
            else if ((isFailed || verdict is { Success: false }) && (!isFailed || FailurePolicy.Match(job.Spec.PodFailurePolicy, pod).Counts))
            {
                // When a job has failed, each of its pods that has not ended counts as failed.
                failed.Add(pod.Uid);
            }
        }

        return new JobAccounts(pods.IsIndexed ? indexes.Count : counted, failures, succeeded, failed, indexes, release);
    }

    /// <summary>Nothing is on its way into the counters.</summary>
    public bool AreClosed => UncountedSucceeded.Count + UncountedFailed.Count + Release.Count == 0;
}
