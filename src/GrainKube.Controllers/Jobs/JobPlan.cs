using GrainKube.ApiMachinery.Objects;
using k8s.Models;

namespace GrainKube.Controllers.Jobs;

/// <summary>What a job needs now: pods to delete or make, what its status is to say, and finalizers to take once it says so. Pure.</summary>
internal sealed record JobPlan
{
    /// <summary>Active pods to delete.</summary>
    public IReadOnlyList<JobPod> Delete { get; private init; } = [];

    /// <summary>The deleted pods lose their finalizer first, so that they are never counted: the job goes on without them.</summary>
    public bool DeletesUncounted { get; private init; }

    public IReadOnlyList<NewJobPod> Create { get; private init; } = [];

    public required JobAccounts Accounts { get; init; }

    public required JobPods Pods { get; init; }

    /// <summary>Why the job ends, if it does.</summary>
    public JobVerdict? Verdict { get; private init; }

    /// <summary>The end can be told: no pod is left, everything is counted, and the reason stands in the status already.</summary>
    public bool Finishes { get; private init; }

    /// <summary>The job's suspension as the status is to tell it; null where this round says nothing of it.</summary>
    public bool? Suspended { get; private init; }

    /// <summary>When to look again although nothing changed.</summary>
    public TimeSpan? WakeAfter { get; private init; }

    /// <param name="job">The job as it is stored; one that is not finished.</param>
    /// <param name="isDeleted">It is going: nothing is made any more, and its pods are let go.</param>
    /// <param name="items">All pods that belong to it.</param>
    /// <param name="now">The time.</param>
    public static JobPlan For(V1Job job, bool isDeleted, IReadOnlyList<KubeObject> items, DateTimeOffset now)
    {
        var pods = new JobPods(job, items);
        var verdict = JobVerdict.Of(job, pods, now);
        return verdict is not null ? End(job, pods, verdict, isDeleted, pods.Active)
            : isDeleted ? new JobPlan { Pods = pods, Accounts = JobAccounts.For(job, pods, null, isDeleted, []) }
            : GoOn(job, pods, now);
    }

    private static JobPlan GoOn(V1Job job, JobPods pods, DateTimeOffset now)
    {
        var scale = JobScale.For(job, pods, now);
        var active = pods.Active.Count - scale.Delete.Count + scale.Create.Count;
        var complete = active == 0 && (job.Spec.Completions is { } completions ? pods.Succeeded >= completions : pods.Succeeded > 0);
        if (complete)
        {
            return End(job, pods, JobVerdict.Completed, isDeleted: false, scale.Delete) with { DeletesUncounted = true };
        }

        var wake = scale.WakeAfter;
        if (JobVerdict.Deadline(job) is { } deadline && (wake is null || deadline - now < wake))
        {
            wake = deadline - now;
        }

        return new JobPlan
        {
            Pods = pods,
            Delete = scale.Delete,
            DeletesUncounted = true,
            Create = scale.Create,
            Accounts = JobAccounts.For(job, pods, null, isDeleted: false, scale.Delete),
            Suspended = job.Spec.Suspend == true,
            WakeAfter = wake,
        };
    }

    private static JobPlan End(V1Job job, JobPods pods, JobVerdict verdict, bool isDeleted, IReadOnlyList<JobPod> delete)
    {
        var accounts = JobAccounts.For(job, pods, verdict, isDeleted, []);
        var told = job.Status?.Conditions?.Any(c => c.Type == verdict.Interim && c.Status == "True") == true;
        return new JobPlan
        {
            Pods = pods,
            Delete = delete,
            Accounts = accounts,
            Verdict = verdict,
            Finishes = told && accounts.AreClosed && delete.Count == 0 && pods.Terminating == 0,
        };
    }
}
