using System.Globalization;
using GrainKube.Resources.Batch.Jobs;
using k8s.Models;

namespace GrainKube.Controllers.Jobs;

/// <summary>That a job is to end, and why: first as <c>FailureTarget</c> or <c>SuccessCriteriaMet</c>, then, when all its pods are gone and counted, as <c>Failed</c> or <c>Complete</c>.</summary>
internal sealed record JobVerdict(bool Success, string Reason, string Message)
{
    public static readonly JobVerdict Completed = new(true, "CompletionsReached", "Reached expected number of succeeded pods");

    public string Interim => Success ? "SuccessCriteriaMet" : "FailureTarget";

    public string Final => Success ? "Complete" : "Failed";

    /// <summary>What the status or the pods already decide, apart from reaching the wanted number of completions.</summary>
    public static JobVerdict? Of(V1Job job, JobPods pods, DateTimeOffset now) =>
        Decided(job, "SuccessCriteriaMet") ?? Decided(job, "FailureTarget") ?? ByFailurePolicy(job, pods)
        ?? ByLimits(job, pods, now) ?? ByIndexes(job, pods) ?? BySuccessPolicy(job, pods);

    /// <summary>When <c>activeDeadlineSeconds</c> strikes.</summary>
    public static DateTimeOffset? Deadline(V1Job job) =>
        job is { Spec: { ActiveDeadlineSeconds: { } seconds, Suspend: not true }, Status.StartTime: { } start }
            ? new DateTimeOffset(start.ToUniversalTime(), TimeSpan.Zero).AddSeconds(seconds) : null;

    private static JobVerdict? Decided(V1Job job, string type) =>
        job.Status?.Conditions?.FirstOrDefault(c => c.Type == type && c.Status == "True") is { } condition
            ? new JobVerdict(type == "SuccessCriteriaMet", condition.Reason ?? "", condition.Message ?? "") : null;

    private static JobVerdict? ByFailurePolicy(V1Job job, JobPods pods)
    {
        if (job.Spec.PodFailurePolicy is { } policy)
        {
            foreach (var pod in pods.All.Where(pods.IsFailed))
            {
                if (FailurePolicy.Match(policy, pod) is { Action: "FailJob" } match)
                {
                    return new JobVerdict(false, "PodFailurePolicy", match.Message);
                }
            }
        }

        return null;
    }

    private static JobVerdict? ByLimits(V1Job job, JobPods pods, DateTimeOffset now) =>
        pods.Failed > (job.Spec.BackoffLimit ?? 6) || RestartsExceed(job, pods) ? new JobVerdict(false, "BackoffLimitExceeded", "Job has reached the specified backoff limit")
        : Deadline(job) <= now ? new JobVerdict(false, "DeadlineExceeded", "Job was active longer than specified deadline")
        : null;

    // With OnFailure the kubelet restarts containers in place; the limit counts those restarts.
    private static bool RestartsExceed(V1Job job, JobPods pods)
    {
        if (job.Spec.Template.Spec.RestartPolicy != "OnFailure")
        {
            return false;
        }

        var limit = job.Spec.BackoffLimit ?? 6;
        var restarts = pods.All.Where(p => p.Phase is "Running" or "Pending").Sum(p => (long)p.Restarts);
        return limit == 0 ? restarts > 0 : restarts >= limit;
    }

    private static JobVerdict? ByIndexes(V1Job job, JobPods pods) =>
        pods.LimitPerIndex is null ? null
        : pods.FailedIndexes.Count > (job.Spec.MaxFailedIndexes ?? int.MaxValue)
            ? new JobVerdict(false, "MaxFailedIndexesExceeded", "Job has exceeded the specified maximal number of failed indexes")
        : pods.FailedIndexes.Count > 0 && pods.FailedIndexes.Count + pods.SucceededIndexes.Count >= job.Spec.Completions
            ? new JobVerdict(false, "FailedIndexes", "Job has failed indexes")
        : null;

    private static JobVerdict? BySuccessPolicy(V1Job job, JobPods pods)
    {
        for (var i = 0; pods.SucceededIndexes.Count > 0 && i < job.Spec.SuccessPolicy?.Rules?.Count; i++)
        {
            var rule = job.Spec.SuccessPolicy.Rules[i];
            var wanted = rule.SucceededIndexes is null ? null : JobIndexes.Parse(rule.SucceededIndexes, job.Spec.Completions ?? 0);
            var done = wanted is null ? pods.SucceededIndexes.Count : wanted.Count(pods.SucceededIndexes.Contains);
            if (done >= (rule.SucceededCount ?? wanted?.Count ?? int.MaxValue))
            {
                return new JobVerdict(true, "SuccessPolicy", string.Create(CultureInfo.InvariantCulture, $"Matched rules at index {i}"));
            }
        }

        return null;
    }
}
