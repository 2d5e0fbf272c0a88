using GrainKube.ApiMachinery.Objects;
using GrainKube.Kubelet.Agent;
using GrainKube.Kubelet.Pods;
using GrainKube.Kubelet.Runtime;
using GrainKube.Kubelet.Volumes;
using k8s.Models;

namespace GrainKube.Kubelet.Pressure;

/// <summary>Measures pods, only when something hangs on it: to walk through a pod's files takes time.</summary>
internal static class PodUses
{
    /// <param name="node">The node.</param>
    /// <param name="item">The pod.</param>
    /// <param name="state">What runs of it.</param>
    /// <param name="disk">Its files are walked through as well.</param>
    /// <param name="cancel">Stops measuring.</param>
    public static async Task<PodUse> ReadAsync(NodeServices node, KubeObject item, PodRuntimeState state, bool disk, CancellationToken cancel)
    {
        var containers = new List<ContainerUse>();
        foreach (var container in state.Containers.Where(c => c.Phase == ContainerPhase.Running))
        {
            var usage = await node.Runtime.Containers.GetUsageAsync(container.Id, cancel);
            var use = disk ? await FilesAsync(node, container, cancel) : new ContainerUse(container.Name);
            containers.Add(use with { Memory = (long)(usage?.WorkingSetBytes ?? 0), Processes = (long)(usage?.Processes ?? 0) });
        }

        var volumes = disk ? node.Volumes.EmptyDirUse(item.Header.Uid, item.As<V1Pod>().Spec).Values : [];
        return new PodUse(item, containers, volumes.Aggregate(default(DiskUse), (sum, use) => sum + use));
    }

    /// <summary>What a container has on disk.</summary>
    public static async Task<ContainerUse> FilesAsync(NodeServices node, ContainerState container, CancellationToken cancel) =>
        await node.Runtime.Containers.GetFilesAsync(container.Id, cancel) is { } files
            ? new ContainerUse(container.Name, Written: DiskUsage.Of(files.Layer), Log: DiskUsage.Of(files.Logs))
            : new ContainerUse(container.Name);
}
