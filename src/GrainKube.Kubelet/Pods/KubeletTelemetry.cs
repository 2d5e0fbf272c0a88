using System.Diagnostics;
using System.Diagnostics.Metrics;
using GrainKube.ApiMachinery.Objects;
using GrainKube.Reconciliation;

namespace GrainKube.Kubelet.Pods;

/// <summary>The activities of a kubelet: a look at a pod continues the trace kept with the pod; what it does at the runtime are steps of it.</summary>
internal static class KubeletTelemetry
{
    private static readonly ActivitySource Source = new("GrainKube.Kubelet");

    /// <summary>The kubelet's metrics; names are upstream's.</summary>
    public static Meter Meter { get; } = new("GrainKube.Kubelet");

    public static Activity? StartLook(string node, KubeObject pod, TimeProvider time) =>
        ReconciliationTelemetry.Continue(Source, "sync pod", pod.Key, pod, time)?.SetTag("k8s.node", node);

    /// <summary>A step at the runtime: sandbox, pull, create, start.</summary>
    public static Activity? StartStep(string name, string? container = null)
    {
        var activity = Source.StartActivity(name, ActivityKind.Client);
        return container is null ? activity : activity?.SetTag("k8s.container", container);
    }
}
