using GrainKube.Kubelet.Agent;
using GrainKube.Kubelet.Runtime;
using GrainKube.Kubelet.Usage;

namespace GrainKube.Kubelet.Questions;

/// <summary>What a node and its running containers use.</summary>
/// <param name="Time">When it was read.</param>
/// <param name="Cpu">Of the machine since it started, in nanoseconds; of a node that only pretends, its containers'.</param>
/// <param name="WorkingSet">Memory of the machine that cannot be given back at once, in bytes; or likewise its containers'.</param>
/// <param name="Containers">By pod.</param>
internal sealed record PodUsage(DateTimeOffset Time, ulong Cpu, ulong WorkingSet, IReadOnlyList<(ContainerState State, ContainerUsage Usage)> Containers)
{
    /// <summary>The containers of each pod, one after the other.</summary>
    public IEnumerable<IGrouping<string, (ContainerState State, ContainerUsage Usage)>> Pods => Containers.GroupBy(c => c.State.PodUid);

    public static async Task<PodUsage> ReadAsync(NodeServices node, CancellationToken cancel)
    {
        var found = new List<(ContainerState State, ContainerUsage Usage)>();
        foreach (var container in await node.Runtime.Containers.ListAsync(cancel))
        {
            if (container.Phase == ContainerPhase.Running && await node.Runtime.Containers.GetUsageAsync(container.Id, cancel) is { } usage)
            {
                found.Add((container, usage));
            }
        }

        var host = node.Options.Simulated ? (HostUsage?)null : HostUsage.Read();
        return new PodUsage(
            node.Time.GetUtcNow(),
            host?.CpuNanoseconds ?? found.Aggregate(0UL, (sum, c) => sum + c.Usage.CpuNanoseconds),
            (ulong?)host?.MemoryBytes ?? found.Aggregate(0UL, (sum, c) => sum + c.Usage.WorkingSetBytes),
            [.. found.OrderBy(c => c.State.PodUid, StringComparer.Ordinal).ThenBy(c => c.State.Name, StringComparer.Ordinal)]);
    }
}
