using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Definitions;
using GrainKube.ApiMachinery.Errors;
using GrainKube.ApiMachinery.Objects;
using GrainKube.ApiMachinery.Selectors;
using GrainKube.Controllers.Ownership;
using GrainKube.Objects.Cache;
using GrainKube.Objects.Writes;
using GrainKube.Resources.Batch.Jobs;
using k8s.Models;

namespace GrainKube.Controllers.Jobs;

/// <summary>
/// Runs the pods of jobs to their ends and keeps the books. Its keys are jobs, and pods that carry the finalizer of a job that is gone.
/// </summary>
internal sealed class JobReconciler(WatchCache cache, ResourceRegistry registry) : IReconciler
{
    private static readonly GroupResource Jobs = new("batch", "jobs");
    private static readonly GroupResource Pods = new("", "pods");

    // The status is only written where nobody else changed the job meanwhile: its counters rest on what was read.
    private static readonly TimeSpan AfterConflict = TimeSpan.FromMilliseconds(20);

    public string Name => "job";

    public string Identity => "job-controller";

    public int Slices => 8;

    public void Configure(ReconcilerWiring wiring) => wiring
        .Reconciles<V1Job>()
        .Owns<V1Pod>()
        .Watches<V1Pod>(Orphans.Wake<V1Job>(cache, registry))
        .On(Pods, change => change.After is { } pod && IsStray(pod) ? [pod.Key] : [])
        .On(Jobs, change => change.After is null ? cache.Kind(Pods).OwnedBy(change.Subject.Header.Uid).Select(p => p.Key) : [])
        .StartingWith(() => cache.Kind(Jobs).Snapshot.All.Concat(cache.Kind(Pods).Snapshot.All.Where(IsStray)).Select(o => o.Key));

    public async Task<Outcome> ReconcileAsync(ObjectKey key, ReconcileContext context, CancellationToken cancel)
    {
        if (context.Objects.Get(key) is not { } item)
        {
            return Outcome.Done;
        }

        if (key.GroupResource != Pods)
        {
            return await RunAsync(item, item.As<V1Job>(), context, cancel);
        }

        if (IsStray(item))
        {
            // Absence is only believed after the barrier.
            await cache.WaitUntilCurrentAsync(cancel);
            if (context.Objects.Get(key) is { } now && IsStray(now))
            {
                await JobFinalizers.RemoveAsync(now, context, cancel);
            }
        }

        return Outcome.Done;
    }

    private static async Task<Outcome> RunAsync(KubeObject item, V1Job job, ReconcileContext context, CancellationToken cancel)
    {
        if (job.Spec.ManagedBy is { } manager && manager != JobNames.ManagedByUs)
        {
            return Outcome.Done;
        }

        if (IsFinished(job))
        {
            await JobFinalizers.RemoveAsync(context.Objects.OwnedBy<V1Pod>(item.Header.Uid).Where(p => p.Header.Controller?.Uid == item.Header.Uid), context, cancel);
            return Outcome.Done;
        }

        var selector = LabelSelector.From(job.Spec.Selector);
        var pods = await Claims.ClaimAsync<V1Pod>(item, selector.Matches, context, cancel, JobNames.Finalizer);
        var plan = JobPlan.For(job, item.Header.DeletionTimestamp is not null, pods, context.Now);
        await JobPodControl.DeleteAsync(item, plan.Delete, plan.DeletesUncounted, context, cancel);
        var (created, refusal) = await JobPodControl.CreateAsync(item, plan.Create, context, cancel);
        var status = JobStatusFields.Of(item, job, plan, created, context.Now);
        if (!await WriteAsync(item, status.Patch(item), context, cancel))
        {
            return Outcome.WakeIn(AfterConflict);
        }

        foreach (var (warning, reason, message) in status.Events)
        {
            context.Events.Record(item, warning ? "Warning" : "Normal", reason, message);
        }

        await JobFinalizers.RemoveAsync(plan.Accounts.Release.Select(p => p.Object), context, cancel);
        return refusal is not null ? throw refusal : plan.WakeAfter is { } wake ? Outcome.WakeIn(wake) : Outcome.Done;
    }

    /// <returns>False where the job changed since it was read.</returns>
    private static async Task<bool> WriteAsync(KubeObject item, JsonObject? status, ReconcileContext context, CancellationToken cancel)
    {
        if (status is null)
        {
            return true;
        }

        try
        {
            await context.Objects.PatchAsync(item.Key, new JsonObject { ["status"] = status }, "status", new Preconditions(item.Header.Uid, item.Revision), cancel);
            return true;
        }
        catch (ApiException gone) when (gone.Status.Code == 404 || (gone.Status.Code == 409 && gone.Status.Reason == "Conflict"))
        {
            return false;
        }
    }

    private static bool IsFinished(V1Job job) => job.Status?.Conditions?.Any(c => c is { Type: "Complete" or "Failed", Status: "True" }) == true;

    /// <summary>It waits to be counted and no job will: its job is gone, or let it go.</summary>
    private bool IsStray(KubeObject pod) =>
        pod.Header.Finalizers.Contains(JobNames.Finalizer)
        && (pod.Header.Controller is not { } owner
            || (owner is { Kind: "Job", ApiVersion: "batch/v1" } && cache.Kind(Jobs).Get(pod.Key.Namespace, owner.Name)?.Header.Uid != owner.Uid));
}
