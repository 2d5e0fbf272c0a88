using GrainKube.Kubelet.PodStatus;
using GrainKube.Kubelet.StaticPods;
using GrainKube.Resources.Core.Pods;
using k8s.Models;

namespace GrainKube.Kubelet.Pressure;

/// <summary>Which pods a node takes while it is short of something.</summary>
internal static class PressureAdmission
{
    private const int SystemCriticalPriority = 2_000_000_000;

    private static readonly V1Taint MemoryTaint = new() { Key = "node.kubernetes.io/memory-pressure", Effect = "NoSchedule" };

    /// <summary>The pod is needed by the node itself: it is taken and kept whatever is short.</summary>
    public static bool IsCritical(V1Pod pod) =>
        pod.Spec.Priority >= SystemCriticalPriority || pod.Metadata.Annotations?.ContainsKey(StaticPodFile.Mirror) == true;

    /// <returns>Why the pod is refused, or null where it is taken.</returns>
    public static string? Refusal(V1Pod pod, Pressures pressures)
    {
        if (pressures == Pressures.None || IsCritical(pod))
        {
            return null;
        }

        // A shortage of memory alone is no reason against pods that said how much they need.
        var fits = pressures == Pressures.Memory
            && (QosClass.Of(pod.Spec) != "BestEffort" || (pod.Spec.Tolerations ?? []).Any(toleration => Tolerations.Tolerates(toleration, MemoryTaint)));
        return fits ? null : EvictionMessage.Condition(pressures);
    }
}
