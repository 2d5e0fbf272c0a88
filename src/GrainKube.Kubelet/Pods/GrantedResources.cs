using k8s.Models;

namespace GrainKube.Kubelet.Pods;

/// <summary>What the node last granted a pod: other than what it asks for while a resize waits.</summary>
internal static class GrantedResources
{
    /// <summary>For a node that has just come back: while a resize waits, the pod's status says what was granted.</summary>
    public static V1PodSpec Of(V1Pod pod)
    {
        if ((pod.Status?.Conditions ?? []).All(c => c.Type != ResizeTrouble.Pending))
        {
            return pod.Spec;
        }

        var known = (pod.Status!.ContainerStatuses ?? []).Concat(pod.Status.InitContainerStatuses ?? [])
            .Where(s => s.Resources is not null).ToDictionary(s => s.Name, s => s.Resources, StringComparer.Ordinal);
        return new V1PodSpec
        {
            Containers = [.. pod.Spec.Containers.Select(Granted)],
            InitContainers = [.. (pod.Spec.InitContainers ?? []).Select(Granted)],
            Resources = pod.Spec.Resources,
            Overhead = pod.Spec.Overhead,
            Priority = pod.Spec.Priority,
        };

        V1Container Granted(V1Container container) =>
            new() { Name = container.Name, RestartPolicy = container.RestartPolicy, Resources = known.GetValueOrDefault(container.Name, container.Resources) };
    }

    /// <returns>The container with the resources it was granted; as it is where none are known.</returns>
    public static V1Container For(V1PodSpec? granted, V1Container container) => granted is null ? container
        : granted.Containers.Concat(granted.InitContainers ?? []).FirstOrDefault(c => c.Name == container.Name) ?? container;

    /// <returns>Whether the pod asks for other resources than it was granted.</returns>
    public static bool Differ(V1PodSpec granted, V1PodSpec asked) =>
        Differ(granted.Resources, asked.Resources) || asked.Containers.Concat(asked.InitContainers ?? []).Any(container => Differ(For(granted, container).Resources, container.Resources));

    private static bool Differ(V1ResourceRequirements? one, V1ResourceRequirements? other) => Differ(one?.Requests, other?.Requests) || Differ(one?.Limits, other?.Limits);

    private static bool Differ(IDictionary<string, ResourceQuantity>? one, IDictionary<string, ResourceQuantity>? other) => (one?.Count ?? 0) != (other?.Count ?? 0)
        || (one ?? new Dictionary<string, ResourceQuantity>()).Any(amount => !other!.TryGetValue(amount.Key, out var there) || there.ToDecimal() != amount.Value.ToDecimal());
}
