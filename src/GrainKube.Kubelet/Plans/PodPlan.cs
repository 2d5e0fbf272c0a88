using GrainKube.Kubelet.Runtime;
using k8s.Models;

namespace GrainKube.Kubelet.Plans;

/// <summary>A container to start.</summary>
/// <param name="Container">What the pod says of it.</param>
/// <param name="Attempt">How often it was started before.</param>
/// <param name="BackOffLevel">The pause it will have after its end, see <see cref="RestartBackOff"/>.</param>
/// <param name="IsInit">It is one of the init containers.</param>
internal sealed record ContainerStart(V1Container Container, int Attempt, int BackOffLevel, bool IsInit);

/// <summary>A container to end.</summary>
/// <param name="Container">What runs.</param>
/// <param name="Message">What its Killing event says.</param>
/// <param name="ByProbe">A probe asks for it.</param>
/// <param name="Replaced">Another follows it whatever the restart policy says: the pod wants it to be different.</param>
internal sealed record ContainerKill(ContainerState Container, string Message, bool ByProbe, bool Replaced = false);

/// <summary>A container that waits for its restart.</summary>
internal sealed record BackOffWait(ContainerState Ended, TimeSpan Delay, DateTimeOffset Until);

/// <summary>What is to be done for a pod now. Pure: made by <see cref="PodPlanner"/>.</summary>
internal sealed record PodPlan
{
    /// <summary>No container will run again by itself: end what is left, and the sandbox.</summary>
    public bool Finished { get; init; }

    /// <summary>Attempt of the sandbox that must be made, or null where the present one serves.</summary>
    public int? NewSandbox { get; init; }
    public IReadOnlyList<ContainerKill> Kill { get; init; } = [];
    public IReadOnlyList<ContainerStart> Start { get; init; } = [];

    /// <summary>Who waits for a restart, by container name.</summary>
    public IReadOnlyDictionary<string, BackOffWait> Waiting { get; init; } = new Dictionary<string, BackOffWait>();

    /// <summary>When to look again although nothing happened.</summary>
    public DateTimeOffset? WakeAt { get; init; }

    /// <summary>All init containers are through (sidecars have started).</summary>
    public bool Initialized { get; init; }
}
