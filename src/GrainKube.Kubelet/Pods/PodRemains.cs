using GrainKube.Kubelet.Agent;
using GrainKube.Kubelet.Runtime;

namespace GrainKube.Kubelet.Pods;

/// <summary>Removes what a pod left on the node. Safe to repeat.</summary>
internal static class PodRemains
{
    private static readonly TimeSpan OrphanGrace = TimeSpan.FromSeconds(1);

    /// <summary>Ends and removes everything of a pod whose API object is gone.</summary>
    public static async Task RemoveOrphanAsync(NodeServices node, string uid, CancellationToken cancel)
    {
        var state = await node.Picture.GetAsync(uid, cancel);
        await Task.WhenAll(state.Containers.Where(c => c.Phase == ContainerPhase.Running).Select(c => node.Runtime.Containers.StopAsync(c.Id, OrphanGrace, cancel)));
        await RemoveAsync(node, uid, state, cancel);
        node.Ledger.Release(uid);
        node.HostPorts.Release(uid);
    }

    public static async Task RemoveAsync(NodeServices node, string uid, PodRuntimeState state, CancellationToken cancel)
    {
        await RemoveContainersAsync(node, state, cancel);
        await node.Volumes.RemoveAsync(uid, cancel);
    }

    public static async Task RemoveContainersAsync(NodeServices node, PodRuntimeState state, CancellationToken cancel)
    {
        foreach (var container in state.Containers)
        {
            await node.Runtime.Containers.RemoveAsync(container.Id, cancel);
        }

        foreach (var sandbox in state.Sandboxes)
        {
            await node.Runtime.Sandboxes.RemoveAsync(sandbox.Id, cancel);
        }
    }
}
