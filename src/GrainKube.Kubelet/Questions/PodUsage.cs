using GrainKube.Kubelet.Agent;
using GrainKube.Kubelet.Runtime;

namespace GrainKube.Kubelet.Questions;

/// <summary>What the running containers of a node use.</summary>
internal static class PodUsage
{
    public static async Task<IReadOnlyList<(ContainerState Container, ContainerUsage Usage)>> ReadAsync(NodeServices node, CancellationToken cancel)
    {
        var result = new List<(ContainerState, ContainerUsage)>();
        foreach (var container in await node.Runtime.Containers.ListAsync(cancel))
        {
            if (container.Phase == ContainerPhase.Running && await node.Runtime.Containers.GetUsageAsync(container.Id, cancel) is { } usage)
            {
                result.Add((container, usage));
            }
        }

        return result;
    }
}
