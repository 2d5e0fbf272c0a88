using System.Diagnostics;

namespace GrainKube.Kubelet.Pods;

/// <summary>The activity source of this project: what is done for a pod continues the trace of the write that made it.</summary>
internal static class KubeletTelemetry
{
    /// <summary>Work later than this after the pod's creation starts a trace of its own, linked to the pod's.</summary>
    private static readonly TimeSpan ContinuesFor = TimeSpan.FromHours(1);

    private static readonly ActivitySource Source = new("GrainKube.Kubelet");

    /// <param name="pod">The pod.</param>
    /// <param name="what">For example <c>create sandbox</c>.</param>
    /// <param name="container">Name of the container it is about; empty for the pod.</param>
    /// <returns>Null where nobody listens.</returns>
    public static Activity? Start(PodContext pod, string what, string container = "")
    {
        if (!Source.HasListeners())
        {
            return null;
        }

        var header = pod.Object.Header;
        var known = ActivityContext.TryParse(header.TraceParent, null, isRemote: true, out var written);
        var young = header.CreationTimestamp is { } created && pod.Now - created < ContinuesFor;
        var activity = known && young
            ? Source.StartActivity(what, ActivityKind.Internal, written)
            : Source.StartActivity(what, ActivityKind.Internal, default(ActivityContext), links: known ? [new ActivityLink(written)] : null);
        activity?.SetTag("k8s.pod.name", header.Name).SetTag("k8s.namespace.name", header.Namespace).SetTag("k8s.node.name", pod.Node.Options.Name);
        if (container.Length > 0)
        {
            activity?.SetTag("k8s.container.name", container);
        }

        return activity;
    }
}
