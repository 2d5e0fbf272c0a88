using GrainKube.Kubelet.Runtime;

namespace GrainKube.Kubelet.Pods;

/// <summary>What the runtime has of one pod, the newest attempt first.</summary>
internal sealed record PodRuntimeState(IReadOnlyList<SandboxState> Sandboxes, IReadOnlyList<ContainerState> Containers)
{
    public static readonly PodRuntimeState Empty = new([], []);

    public bool IsEmpty => Sandboxes.Count == 0 && Containers.Count == 0;

    /// <summary>The newest sandbox, where it runs.</summary>
    public SandboxState? Sandbox => Sandboxes.Count > 0 && Sandboxes[0].Running ? Sandboxes[0] : null;

    /// <summary>The newest instance of a container, from whichever sandbox.</summary>
    public ContainerState? Latest(string name)
    {
        foreach (var container in Containers)
        {
            if (container.Name == name)
            {
                return container;
            }
        }

        return null;
    }

    /// <summary>The instance before the newest.</summary>
    public ContainerState? Previous(string name) => Containers.Where(c => c.Name == name).Skip(1).FirstOrDefault();

    /// <summary>The newest instance of a container in the running sandbox.</summary>
    public ContainerState? Current(string name) => Sandbox is { } sandbox && Latest(name) is { } latest && latest.SandboxId == sandbox.Id ? latest : null;

    public bool AnyRunning => Containers.Any(c => c.Phase == ContainerPhase.Running);
}
