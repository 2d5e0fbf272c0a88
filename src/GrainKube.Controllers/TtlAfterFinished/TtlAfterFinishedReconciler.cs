using GrainKube.ApiMachinery.Objects;
using GrainKube.Objects.Writes;
using k8s.Models;

namespace GrainKube.Controllers.TtlAfterFinished;

/// <summary>Deletes finished jobs, in the foreground, when the time they are kept for has passed.</summary>
internal sealed class TtlAfterFinishedReconciler : Reconciler<V1Job>
{
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    public override string Name => "ttl-after-finished";

    protected override async Task<Outcome> ReconcileAsync(KubeObject item, V1Job view, ReconcileContext context, CancellationToken cancel)
    {
        if (item.Header.DeletionTimestamp is not null || Expiry(view) is not { } end)
        {
            return Outcome.Done;
        }

        if (end > context.Now)
        {
            return Outcome.WakeIn(end - context.Now < Longest ? end - context.Now : Longest);
        }

        // The version that was read: somebody may just have given it more time.
        await context.Objects.DeleteAsync(item.Key, new Preconditions(item.Header.Uid, item.Revision), cancel, propagation: DeletePropagation.Foreground);
        return Outcome.Done;
    }

    /// <summary>When the job is to go; null while it has not finished, or is kept for ever.</summary>
    public static DateTimeOffset? Expiry(V1Job job) =>
        job.Spec.TtlSecondsAfterFinished is { } seconds
        && job.Status?.Conditions?.FirstOrDefault(c => c is { Type: "Complete" or "Failed", Status: "True" })?.LastTransitionTime is { } finished
            ? new DateTimeOffset(finished.ToUniversalTime(), TimeSpan.Zero).AddSeconds(seconds) : null;
}
