using GrainKube.Kubelet.Pods;
using GrainKube.Kubelet.Runtime;
using k8s.Models;

namespace GrainKube.Kubelet.Plans;

/// <summary>All that a decision about a pod rests on.</summary>
internal sealed record PodSituation
{
    public required V1Pod Pod { get; init; }
    public required PodRuntimeState Runtime { get; init; }
    public required DateTimeOffset Now { get; init; }

    /// <summary>Health by container id; what is not named is fine.</summary>
    public IReadOnlyDictionary<string, ContainerHealth> Health { get; init; } = new Dictionary<string, ContainerHealth>();

    /// <summary>Containers (by name) that could not be started lately.</summary>
    public IReadOnlyDictionary<string, StartFailure> Failures { get; init; } = new Dictionary<string, StartFailure>();

    /// <summary>Ids of containers that were ended to be followed by another at once, see <see cref="ContainerKill"/>.</summary>
    public IReadOnlySet<string> Replaced { get; init; } = new HashSet<string>();

    public V1PodSpec Spec => Pod.Spec;

    public ContainerHealth HealthOf(ContainerState container) => Health.GetValueOrDefault(container.Id, ContainerHealth.Fine);
}
