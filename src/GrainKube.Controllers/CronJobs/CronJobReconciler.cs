using System.Globalization;
using GrainKube.ApiMachinery.Errors;
using GrainKube.ApiMachinery.Objects;
using GrainKube.Controllers.Statuses;
using GrainKube.Objects.Writes;
using GrainKube.Resources.Batch.CronJobs;
using k8s.Models;

namespace GrainKube.Controllers.CronJobs;

/// <summary>Starts Jobs when their time has come, and keeps as many finished ones as the history asks for.</summary>
internal sealed class CronJobReconciler : Reconciler<V1CronJob>
{
    /// <summary>A little after the moment, so that it has come for sure.</summary>
    private static readonly TimeSpan After = TimeSpan.FromMilliseconds(100);

    // Timers reach no further than some weeks; a far start is looked at again on the way.
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    public override string Name => "cronjob";

    public override void Configure(ReconcilerWiring wiring) => wiring.Reconciles<V1CronJob>().Owns<V1Job>();

    protected override async Task<Outcome> ReconcileAsync(KubeObject item, V1CronJob view, ReconcileContext context, CancellationToken cancel)
    {
        var jobs = Jobs(item, context);
        if (view.Status?.Active?.Any(a => !jobs.Exists(j => j.Header.Uid == a.Uid)) == true)
        {
            // Absence is only believed after the barrier.
            await context.Objects.Cache.WaitUntilCurrentAsync(cancel);
            jobs = Jobs(item, context);
        }

        var books = CronJobBooks.Of(item, view.Spec, jobs);
        foreach (var old in books.Expired)
        {
            await DeleteAsync(item, old.Key, old.Header.Uid, context, cancel);
        }

        foreach (var (warning, reason, message) in books.Events)
        {
            context.Events.Record(item, warning ? "Warning" : "Normal", reason, message);
        }

        ApiException? refusal = null;
        TimeSpan? wake = null;
        try
        {
            wake = item.Header.DeletionTimestamp is null && view.Spec.Suspend != true ? await StartAsync(item, view, books, context, cancel) : null;
        }
        catch (ApiException refused)
        {
            refusal = refused;
        }

        if (books.Fields() is var fields && StatusPatch.Changes(item, fields))
        {
            await StatusPatch.WriteAsync(item, fields, context, cancel);
        }

        return refusal is not null ? throw refusal : wake is { } next ? Outcome.WakeIn(next) : Outcome.Done;
    }

    /// <returns>How long until it is to be looked at again.</returns>
    private static async Task<TimeSpan?> StartAsync(KubeObject item, V1CronJob view, CronJobBooks books, ReconcileContext context, CancellationToken cancel)
    {
        if (Read(item, view.Spec, context) is not { } schedule)
        {
            return null;
        }

        var since = view.Status?.LastScheduleTime is { } last ? new DateTimeOffset(last.ToUniversalTime(), TimeSpan.Zero) : item.Header.CreationTimestamp ?? context.Now;
        TimeSpan? deadline = view.Spec.StartingDeadlineSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : null;
        var times = CronTimes.At(schedule, since, deadline, context.Now);
        if (times.Problem is { } problem)
        {
            context.Events.Warning(item, "InvalidSchedule", $"invalid schedule: {view.Spec.Schedule} : {problem}");
            return null;
        }

        if (times.MissedMany)
        {
            context.Events.Warning(
                item, "TooManyMissedTimes", "too many missed start times. Set or decrease .spec.startingDeadlineSeconds or check clock skew");
        }

        if (times.Due is { } due)
        {
            await StartAsync(item, view, due, deadline, books, context, cancel);
        }

        return times.Next is not { } next ? null : next + After - context.Now is var wait && wait > Longest ? Longest : wait > After ? wait : After;
    }

    private static async Task StartAsync(
        KubeObject item, V1CronJob view, DateTimeOffset due, TimeSpan? deadline, CronJobBooks books, ReconcileContext context, CancellationToken cancel)
    {
        if (deadline is { } late && due + late < context.Now)
        {
            context.Events.Warning(
                item, "MissSchedule", $"Missed scheduled time to start a job: {due.UtcDateTime.ToString("ddd, dd MMM yyyy HH:mm:ss +0000", CultureInfo.InvariantCulture)}");
            return;
        }

        if (books.Active.Any(a => (string?)a["name"] == CronJobNames.JobOf(item.Header.Name, due)))
        {
            return;
        }

        if (view.Spec.ConcurrencyPolicy == "Forbid" && books.Active.Count > 0)
        {
            context.Events.Normal(item, "JobAlreadyActive", "Not starting job because prior execution is running and concurrency policy is Forbid");
            return;
        }

        if (view.Spec.ConcurrencyPolicy == "Replace")
        {
            foreach (var running in books.Active.ToList())
            {
                await DeleteAsync(item, item.Key with { Resource = "jobs", Name = (string)running["name"]! }, (string)running["uid"]!, context, cancel);
                books.Forget((string)running["uid"]!);
            }
        }

        if (await CreateAsync(item, view, due, context, cancel) is { } job)
        {
            books.Start(job, due);
        }
    }

    private static async Task<KubeObject?> CreateAsync(KubeObject item, V1CronJob view, DateTimeOffset due, ReconcileContext context, CancellationToken cancel)
    {
        try
        {
            var job = await context.Objects.CreateAsync(CronJobNames.Job(item, due, view.Spec.TimeZone), cancel);
            context.Events.Normal(item, "SuccessfulCreate", $"Created job {job.Header.Name}");
            return job;
        }
        catch (ApiException taken) when (taken.Status.Reason == "AlreadyExists")
        {
            // Ours from before a crash goes into the books; another's is left alone.
            await context.Objects.Cache.WaitUntilCurrentAsync(cancel);
            var found = context.Objects.Get(item.Key with { Resource = "jobs", Name = CronJobNames.JobOf(item.Header.Name, due) });
            return found?.Header.Controller?.Uid == item.Header.Uid ? found : null;
        }
        catch (ApiException refused) when (refused.Status.Causes.Any(c => c.Reason == "NamespaceTerminating"))
        {
            return null;
        }
        catch (ApiException refused)
        {
            context.Events.Warning(item, "FailedCreate", $"Error creating job: {refused.Message}");
            throw;
        }
    }

    private static CronSchedule? Read(KubeObject item, V1CronJobSpec spec, ReconcileContext context)
    {
        if (spec.TimeZone is { } zone && CronSchedule.Zone(zone) is null)
        {
            context.Events.Warning(item, "UnknownTimeZone", $"invalid timeZone: \"{zone}\": unknown time zone {zone}");
            return null;
        }

        try
        {
            return CronSchedule.Parse(spec.Schedule, spec.TimeZone);
        }
        catch (FormatException wrong)
        {
            context.Events.Warning(item, "UnparseableSchedule", $"unparseable schedule: \"{spec.Schedule}\" : {wrong.Message}");
            return null;
        }
    }

    private static async Task DeleteAsync(KubeObject item, ObjectKey job, string uid, ReconcileContext context, CancellationToken cancel)
    {
        if (await context.Objects.DeleteAsync(job, new Preconditions(uid), cancel, propagation: DeletePropagation.Background))
        {
            context.Events.Normal(item, "SuccessfulDelete", $"Deleted job {job.Name}");
        }
    }

    private static List<KubeObject> Jobs(KubeObject item, ReconcileContext context) =>
        [.. context.Objects.OwnedBy<V1Job>(item.Header.Uid).Where(j => j.Header.Controller?.Uid == item.Header.Uid)];
}
