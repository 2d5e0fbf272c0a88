using System.Globalization;
using GrainKube.ApiMachinery.Schemas;
using GrainKube.ApiMachinery.Validation;
using k8s.Models;

namespace GrainKube.Resources.Batch.Jobs;

/// <summary>
/// Rules for a job's status: what a controller, ours or one of <c>spec.managedBy</c>, may not say. What was wrong before and did not change is let pass.
/// </summary>
internal static class JobStatusRules
{
    public static void Check(V1Job next, V1Job current, FieldErrors errors)
    {
        var (status, before) = (next.Status ?? new V1JobStatus(), current.Status ?? new V1JobStatus());
        Numbers(status, errors);
        Uncounted(status.UncountedTerminatedPods, errors.At("uncountedTerminatedPods"));
        Conditions(status, before, errors);
        Times(next, status, before, errors);
        Indexes(next.Spec, status, before, errors);
        var finished = IsTrue(status, "Complete") || IsTrue(status, "Failed");
        if (finished)
        {
            Finished(status, errors);
        }

        if ((status.Failed ?? 0) < (before.Failed ?? 0))
        {
            errors.At("failed").Invalid(status.Failed ?? 0, "cannot decrease the failed counter");
        }

        var elastic = next.Spec.CompletionMode == "Indexed";
        if (!elastic && (status.Succeeded ?? 0) < (before.Succeeded ?? 0))
        {
            errors.At("succeeded").Invalid(status.Succeeded ?? 0, "cannot decrease the succeeded counter");
        }
    }

    private static void Numbers(V1JobStatus status, FieldErrors errors)
    {
        errors.At("active").NotNegative(status.Active);
        errors.At("succeeded").NotNegative(status.Succeeded);
        errors.At("failed").NotNegative(status.Failed);
        errors.At("ready").NotNegative(status.Ready);
        errors.At("terminating").NotNegative(status.Terminating);
        if (status.Ready > (status.Active ?? 0))
        {
            errors.At("ready").Invalid(status.Ready, "cannot set more ready pods than active");
        }
    }

    private static void Uncounted(V1UncountedTerminatedPods? pods, FieldErrors errors)
    {
        var seen = new HashSet<string>();
        foreach (var (field, uids) in (ReadOnlySpan<(string, IList<string>?)>)[("succeeded", pods?.Succeeded), ("failed", pods?.Failed)])
        {
            for (var i = 0; i < uids?.Count; i++)
            {
                if (string.IsNullOrEmpty(uids[i]))
                {
                    errors.At(field).At(i).Invalid("", "must not be empty");
                }
                else if (!seen.Add(uids[i]))
                {
                    errors.At(field).At(i).Duplicate(uids[i]);
                }
            }
        }
    }

    private static void Conditions(V1JobStatus status, V1JobStatus before, FieldErrors errors)
    {
        var place = errors.At("conditions");
        var (complete, failed) = (IsTrue(status, "Complete"), IsTrue(status, "Failed"));
        var (met, target) = (IsTrue(status, "SuccessCriteriaMet"), IsTrue(status, "FailureTarget"));
        Refuse(complete && failed, "cannot set Complete=True and Failed=true conditions");
        Refuse(complete && target, "cannot set Complete=True and FailureTarget=true conditions");
        Refuse(failed && !target && !IsTrue(before, "Failed"), "cannot set Failed=True condition without the FailureTarget=true condition");
        Refuse(complete && !met && !IsTrue(before, "Complete"), "cannot set Complete=True condition without the SuccessCriteriaMet=true condition");
        Refuse(met && failed, "cannot set SuccessCriteriaMet=True and Failed=true conditions");
        Refuse(met && target, "cannot set SuccessCriteriaMet=True and FailureTarget=true conditions");
        foreach (var type in (ReadOnlySpan<string>)["Failed", "Complete", "FailureTarget"])
        {
            Refuse(IsTrue(before, type) && !IsTrue(status, type), $"cannot disable the terminal {type}=True condition");
        }

        Refuse(IsTrue(before, "SuccessCriteriaMet") && !met, "cannot disable the SuccessCriteriaMet=True condition");

        void Refuse(bool wrong, string why)
        {
            if (wrong)
            {
                place.InvalidWithout(why);
            }
        }
    }

    private static void Times(V1Job next, V1JobStatus status, V1JobStatus before, FieldErrors errors)
    {
        var complete = IsTrue(status, "Complete");
        if (status.CompletionTime is not null && !complete)
        {
            errors.At("completionTime").Invalid(Text(status.CompletionTime), "cannot set completionTime when there is no Complete=True condition");
        }

        if (status.CompletionTime is null && complete)
        {
            errors.At("completionTime").Required("completionTime is required for Complete jobs");
        }

        if (status.CompletionTime < status.StartTime)
        {
            errors.At("completionTime").Invalid(Text(status.CompletionTime), "completionTime cannot be set before startTime");
        }

        if (status.CompletionTime is not null && before.CompletionTime is not null && status.CompletionTime != before.CompletionTime)
        {
            errors.At("completionTime").Invalid(Text(status.CompletionTime), "completionTime cannot be mutated");
        }

        if (before.StartTime is not null && before.StartTime != status.StartTime && next.Spec.Suspend != true)
        {
            errors.At("startTime").Required("startTime cannot be removed for unsuspended job");
        }
    }

    private static void Finished(V1JobStatus status, FieldErrors errors)
    {
        if (status.Active > 0)
        {
            errors.At("active").Invalid(status.Active, "active>0 is invalid for finished job");
        }

        if (status.StartTime is null)
        {
            errors.At("startTime").Required("startTime is required for finished job");
        }

        if (status.UncountedTerminatedPods is { } pods && (pods.Failed?.Count ?? 0) + (pods.Succeeded?.Count ?? 0) > 0)
        {
            errors.At("uncountedTerminatedPods").Invalid(pods, "uncountedTerminatedPods needs to be empty for finished job");
        }

        if (status.Terminating > 0)
        {
            errors.At("terminating").Invalid(status.Terminating, "terminating>0 is invalid for finished job");
        }
    }

    private static void Indexes(V1JobSpec spec, V1JobStatus status, V1JobStatus before, FieldErrors errors)
    {
        var completed = status.CompletedIndexes ?? "";
        var completions = spec.Completions ?? int.MaxValue;
        if (completed != (before.CompletedIndexes ?? "") && completed.Length > 0)
        {
            if (spec.CompletionMode != "Indexed")
            {
                errors.At("completedIndexes").Invalid(completed, "cannot set non-empty completedIndexes when non-indexed completion mode");
            }

            if (JobIndexes.Problem(completed, completions, out _) is { } problem)
            {
                errors.At("completedIndexes").Invalid(completed, $"error parsing completedIndexes: {problem}");
            }
        }

        if (status.FailedIndexes is not { } failed || (failed == before.FailedIndexes && completed == before.CompletedIndexes))
        {
            return;
        }

        if (spec.BackoffLimitPerIndex is null)
        {
            errors.At("failedIndexes").Invalid(failed, "cannot set non-null failedIndexes when backoffLimitPerIndex is null");
        }
        else if (JobIndexes.Problem(failed, completions, out _) is { } problem)
        {
            errors.At("failedIndexes").Invalid(failed, $"error parsing failedIndexes: {problem}");
        }

        var both = JobIndexes.Parse(failed, completions);
        both.IntersectWith(JobIndexes.Parse(completed, completions));
        if (both.Count > 0)
        {
            errors.At("failedIndexes").Invalid(failed, string.Create(CultureInfo.InvariantCulture, $"failedIndexes and completedIndexes overlap at index: {both.Min}"));
        }
    }

    private static bool IsTrue(V1JobStatus status, string type) => status.Conditions?.Any(c => c.Type == type && c.Status == "True") == true;

    private static string Text(DateTime? at) => at is { } time ? GoTime.Format(time) : "";
}
