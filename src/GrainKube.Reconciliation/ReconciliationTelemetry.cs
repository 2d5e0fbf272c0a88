using System.Diagnostics;
using GrainKube.ApiMachinery.Objects;

namespace GrainKube.Reconciliation;

/// <summary>The activity source of this project. Work continues the trace of the write that caused it.</summary>
public static class ReconciliationTelemetry
{
    /// <summary>Work later than this after the write starts a trace of its own, linked to the write's.</summary>
    public static readonly TimeSpan ContinuesFor = TimeSpan.FromHours(1);

    public static ActivitySource Source { get; } = new("GrainKube.Reconciliation");

    /// <summary>Starts an activity for work on an object, as a child of the trace kept with it.</summary>
    /// <param name="name">The controller's name.</param>
    /// <param name="key">The object.</param>
    /// <param name="item">The object as it stands; null where it is gone.</param>
    /// <param name="time">Clock, to tell young writes from old.</param>
    /// <returns>Null where nobody listens.</returns>
    public static Activity? Start(string name, ObjectKey key, KubeObject? item, TimeProvider time) => Continue(Source, $"reconcile {name}", key, item, time);

    /// <summary>The same for other sources and names.</summary>
    public static Activity? Continue(ActivitySource source, string name, ObjectKey key, KubeObject? item, TimeProvider time)
    {
        if (!source.HasListeners())
        {
            return null;
        }

        var known = ActivityContext.TryParse(item?.Header.TraceParent, null, isRemote: true, out var written);
        var young = (item?.Header.TracedAt ?? item?.Header.CreationTimestamp) is { } since && time.GetUtcNow() - since < ContinuesFor;
        if (!(known && young))
        {
            // What happens to be current where the wake-up came from is not what caused this.
            Activity.Current = null;
        }

        var activity = known && young
            ? source.StartActivity(name, ActivityKind.Internal, written)
            : source.StartActivity(name, ActivityKind.Internal, default(ActivityContext), links: known ? [new ActivityLink(written)] : null);
        activity?.SetTag("k8s.object", key.ToString());
        return activity;
    }
}
