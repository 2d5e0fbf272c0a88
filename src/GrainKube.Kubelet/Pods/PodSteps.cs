using GrainKube.Kubelet.Pods.Steps;

namespace GrainKube.Kubelet.Pods;

/// <summary>The steps in their order.</summary>
internal static class PodSteps
{
    public static readonly IReadOnlyList<IPodStep> InOrder =
    [
        new AdmitPod(),
        new RemoveDeadContainers(),
        new WatchDeadline(),
        new WatchLocalStorage(),
        new EndPod(),
        new MountVolumes(),
        new EnsureSandbox(),
        new KillContainers(),
        new ResizeContainers(),
        new StartContainers(),
    ];
}
