using GrainKube.ApiMachinery.Objects;
using GrainKube.Resources.Batch.Jobs;
using k8s.Models;

namespace GrainKube.Controllers.Jobs;

/// <summary>The pods of a job and what the status says of them: which are active, which ended, and which of the ends are in the books.</summary>
internal sealed class JobPods
{
    private readonly V1Job job;
    private readonly int completions;

    public JobPods(V1Job job, IReadOnlyList<KubeObject> pods)
    {
        this.job = job;
        completions = job.Spec.Completions ?? int.MaxValue;
        IsIndexed = job.Spec.CompletionMode == "Indexed";
        All = [.. pods.Select(JobPod.Of).OrderBy(p => IsIndexed ? p.Index ?? int.MaxValue : 0).ThenBy(p => p.Object.Header.Name, StringComparer.Ordinal)];
        Active = [.. All.Where(p => p.IsActive)];
        var uncounted = job.Status?.UncountedTerminatedPods;
        UncountedSucceeded = [.. uncounted?.Succeeded ?? []];
        UncountedFailed = [.. uncounted?.Failed ?? []];
        PreviouslySucceeded = IsIndexed ? JobIndexes.Parse(job.Status?.CompletedIndexes, completions) : [];
        SucceededIndexes = [.. PreviouslySucceeded];
        FailedIndexes = LimitPerIndex is null ? [] : JobIndexes.Parse(job.Status?.FailedIndexes, completions);
        Count();
    }

    public bool IsIndexed { get; }

    public int? LimitPerIndex => job.Spec.BackoffLimitPerIndex;

    public IReadOnlyList<JobPod> All { get; }

    public IReadOnlyList<JobPod> Active { get; }

    public HashSet<string> UncountedSucceeded { get; }

    public HashSet<string> UncountedFailed { get; }

    /// <summary>Indexes that the status counts already.</summary>
    public SortedSet<int> PreviouslySucceeded { get; }

    public SortedSet<int> SucceededIndexes { get; }

    public SortedSet<int> FailedIndexes { get; }

    /// <summary>All successes: counted, on the way into the books, and new.</summary>
    public int Succeeded { get; private set; }

    /// <summary>All failures that count.</summary>
    public int Failed { get; private set; }

    public int Terminating => All.Count(p => p.IsTerminating);

    /// <summary>Only pods that have reached their end are replaced; a pod that is deleted has not failed before.</summary>
    public bool ReplacesOnlyFailed => job.Spec.PodReplacementPolicy == "Failed" || (job.Spec.PodReplacementPolicy is null && job.Spec.PodFailurePolicy is not null);

    /// <summary>Failed, or deleted and never to reach its end (an orphan of a lost node).</summary>
    public bool IsFailed(JobPod pod) => pod.Phase == "Failed" || (!ReplacesOnlyFailed && pod.IsDeleted && pod.Phase != "Succeeded");

    public bool HasValidIndex(JobPod pod) => !IsIndexed || (pod.Index is { } index && index < completions);

    /// <summary>With <c>backoffLimitPerIndex</c>: each index' last failed pod, which is kept until the index has another or is done.</summary>
    public Dictionary<int, JobPod> LastFailedPerIndex()
    {
        var found = new Dictionary<int, JobPod>();
        if (LimitPerIndex is null)
        {
            return found;
        }

        var active = Active.Select(p => p.Index).ToHashSet();
        foreach (var pod in All)
        {
            if (pod.Index is { } index && index < completions && IsFailed(pod)
                && !active.Contains(index) && !SucceededIndexes.Contains(index) && !FailedIndexes.Contains(index)
                && (!found.TryGetValue(index, out var other) || other.Failures + other.IgnoredFailures <= pod.Failures + pod.IgnoredFailures))
            {
                found[index] = pod;
            }
        }

        return found;
    }

    private void Count()
    {
        var (succeeded, failed) = (0, 0);
        foreach (var pod in All)
        {
            if (!pod.HasFinalizer || !HasValidIndex(pod))
            {
                continue;
            }

            if (pod.Phase == "Succeeded")
            {
                succeeded += UncountedSucceeded.Contains(pod.Uid) ? 0 : 1;
                if (IsIndexed)
                {
                    SucceededIndexes.Add(pod.Index!.Value);
                }
            }
            else if (IsFailed(pod))
            {
                var policy = FailurePolicy.Match(job.Spec.PodFailurePolicy, pod);
                failed += !UncountedFailed.Contains(pod.Uid) && policy.Counts ? 1 : 0;
                if (LimitPerIndex is { } limit && (policy.Action == "FailIndex" || (policy.Counts && pod.Failures >= limit)))
                {
                    FailedIndexes.Add(pod.Index!.Value);
                }
            }
        }

        FailedIndexes.ExceptWith(SucceededIndexes);
        Succeeded = IsIndexed ? SucceededIndexes.Count : (job.Status?.Succeeded ?? 0) + succeeded + UncountedSucceeded.Count;
        Failed = (job.Status?.Failed ?? 0) + failed + UncountedFailed.Count;
    }
}
