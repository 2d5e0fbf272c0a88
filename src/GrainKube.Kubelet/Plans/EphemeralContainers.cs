using System.Runtime.CompilerServices;
using k8s;
using k8s.Models;

namespace GrainKube.Kubelet.Plans;

/// <summary>Debugging containers, added to a pod while it runs. They are containers in all but restarts and readiness: started once, and nobody waits for them.</summary>
internal static class EphemeralContainers
{
    private static readonly ConditionalWeakTable<V1PodSpec, IReadOnlyList<V1Container>> Views = [];

    /// <summary>The ephemeral containers of a pod as containers: the kinds differ only in <c>targetContainerName</c>.</summary>
    public static IReadOnlyList<V1Container> Of(V1PodSpec spec) => spec.EphemeralContainers is { Count: > 0 } ? Views.GetValue(spec, View) : [];

    private static IReadOnlyList<V1Container> View(V1PodSpec spec) =>
        [.. spec.EphemeralContainers.Select(container => KubernetesJson.Deserialize<V1Container>(KubernetesJson.Serialize(container)))];
}
