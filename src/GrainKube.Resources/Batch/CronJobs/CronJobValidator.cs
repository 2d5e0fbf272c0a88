using GrainKube.ApiMachinery.Validation;
using GrainKube.Resources.Batch.Jobs;
using GrainKube.Resources.Core.Pods;
using k8s.Models;

namespace GrainKube.Resources.Batch.CronJobs;

internal sealed class CronJobValidator : IValidator<V1CronJob>
{
    /// <summary>The controller appends eleven characters to make a Job's name, which has 63 at most.</summary>
    private const int LongestName = 52;

    public void Validate(V1CronJob item, FieldErrors errors)
    {
        Spec(item.Spec ?? new V1CronJobSpec(), null, errors.At("spec"));
        if (item.Metadata.Name is { Length: > LongestName } name)
        {
            errors.At("metadata").At("name").Invalid(name, $"must be no more than {LongestName} characters");
        }
    }

    public void ValidateUpdate(V1CronJob next, V1CronJob current, FieldErrors errors) => Spec(next.Spec ?? new V1CronJobSpec(), current.Spec, errors.At("spec"));

    public void Warn(V1CronJob next, V1CronJob? current, IList<string> warnings)
    {
        WorkloadWarnings.Name(next.Metadata, current, warnings);
        JobWarnings.Add(next.Spec?.JobTemplate?.Spec, "spec.jobTemplate.spec", (next.Metadata, current?.Metadata), warnings);
        if (current is not null && next.Spec?.Schedule?.Contains("TZ", StringComparison.Ordinal) == true)
        {
            warnings.Add("cannot use TZ or CRON_TZ in spec.spec.schedule, use timeZone instead, see https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/ for more details");
        }
    }

    private static void Spec(V1CronJobSpec spec, V1CronJobSpec? before, FieldErrors errors)
    {
        if (string.IsNullOrEmpty(spec.Schedule))
        {
            errors.At("schedule").Required();
        }
        else
        {
            Schedule(spec, before, errors.At("schedule"));
        }

        errors.At("startingDeadlineSeconds").NotNegative(spec.StartingDeadlineSeconds);
        if (spec.TimeZone is { } zone && (before is null || before.TimeZone != zone))
        {
            TimeZone(zone, errors.At("timeZone"));
        }

        errors.At("concurrencyPolicy").RequiredOneOf(spec.ConcurrencyPolicy, "Allow", "Forbid", "Replace");
        var job = spec.JobTemplate?.Spec ?? new V1JobSpec();
        var template = errors.At("jobTemplate").At("spec");
        JobSpecRules.Check(job, template);
        if (job.Selector is not null)
        {
            template.At("selector").Invalid(job.Selector, "`selector` will be auto-generated");
        }

        if (job.ManualSelector == true)
        {
            template.At("manualSelector").NotSupported(true, "nil", "false");
        }

        errors.At("successfulJobsHistoryLimit").NotNegative(spec.SuccessfulJobsHistoryLimit);
        errors.At("failedJobsHistoryLimit").NotNegative(spec.FailedJobsHistoryLimit);
    }

    private static void Schedule(V1CronJobSpec spec, V1CronJobSpec? before, FieldErrors errors)
    {
        try
        {
            CronSchedule.Parse(spec.Schedule, null);
        }
        catch (FormatException wrong)
        {
            errors.Invalid(spec.Schedule, wrong.Message);
        }

        if (spec.Schedule.Contains("TZ", StringComparison.Ordinal))
        {
            if (before?.Schedule?.Contains("TZ", StringComparison.Ordinal) != true)
            {
                errors.Invalid(spec.Schedule, "cannot use TZ or CRON_TZ in schedule, use timeZone field instead");
            }
            else if (spec.TimeZone is not null)
            {
                errors.Invalid(spec.Schedule, "cannot use both timeZone field and TZ or CRON_TZ in schedule");
            }
        }
    }

    private static void TimeZone(string zone, FieldErrors errors)
    {
        if (zone.Length == 0)
        {
            errors.Invalid(zone, "timeZone must be nil or non-empty string");
            return;
        }

        if (zone.Split('/').Any(p => p is "." or ".." or { Length: 0 or > 14 } || p[0] == '-' || !p.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_' or '+')))
        {
            errors.Invalid(zone, $"unknown time zone {zone}");
            return;
        }

        if (zone.Equals("Local", StringComparison.OrdinalIgnoreCase))
        {
            errors.Invalid(zone, "timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones");
        }

        // That of the machine can be found, however it is called there.
        if (zone != "Local" && CronSchedule.Zone(zone) is null)
        {
            errors.Invalid(zone, $"unknown time zone {zone}");
        }
    }
}
