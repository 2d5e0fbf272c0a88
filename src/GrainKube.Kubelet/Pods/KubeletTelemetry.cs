using System.Diagnostics;
using System.Diagnostics.Metrics;
using GrainKube.Reconciliation;

namespace GrainKube.Kubelet.Pods;

/// <summary>The activity source of this project: what is done for a pod continues the trace of the write that made it.</summary>
internal static class KubeletTelemetry
{
    private static readonly ActivitySource Source = new("GrainKube.Kubelet");

    /// <summary>The metrics of this project; names are upstream's.</summary>
    public static Meter Meter { get; } = new("GrainKube.Kubelet");

    /// <param name="pod">The pod.</param>
    /// <param name="what">For example <c>create sandbox</c>.</param>
    /// <param name="container">Name of the container it is about; empty for the pod.</param>
    /// <returns>Null where nobody listens.</returns>
    public static Activity? Start(PodContext pod, string what, string container = "")
    {
        var header = pod.Object.Header;
        var activity = ReconciliationTelemetry.Continue(Source, what, pod.Object.Key, pod.Object, pod.Node.Time);
        activity?.SetTag("k8s.pod.name", header.Name).SetTag("k8s.namespace.name", header.Namespace).SetTag("k8s.node.name", pod.Node.Options.Name);
        if (container.Length > 0)
        {
            activity?.SetTag("k8s.container.name", container);
        }

        return activity;
    }
}
