using GrainKube.Scheduler.Nodes;
using GrainKube.Scheduler.Pods;

namespace GrainKube.Scheduler.Plugins;

/// <summary>Nodes whose CPU and memory would be used in like measure are better.</summary>
internal sealed class NodeResourcesBalancedAllocation : IScorePlugin
{
    public string Name => "NodeResourcesBalancedAllocation";

    public int Weight => 1;

    // Upstream scores best-effort pods alike everywhere.
    public bool Skips(PodRequest pod) => pod.Requests[ResourceVector.Cpu] == 0 && pod.Requests[ResourceVector.Memory] == 0;

    public void Score(PodRequest pod, ReadOnlySpan<NodeState> nodes, Span<long> scores)
    {
        for (var i = 0; i < nodes.Length; i++)
        {
            var unevenness = Share(pod, nodes[i], ResourceVector.Cpu) is { } cpu && Share(pod, nodes[i], ResourceVector.Memory) is { } memory ? Math.Abs(cpu - memory) / 2 : 0;
            scores[i] = (long)((1 - unevenness) * Normalised.Best);
        }
    }

    /// <summary>Null where the node has none of it: then there is nothing to balance.</summary>
    private static double? Share(PodRequest pod, NodeState node, int resource)
    {
        var capacity = node.Allocatable[resource];
        return capacity == 0 ? null : Math.Min(1, (double)(node.Used[resource] + pod.Requests[resource]) / capacity);
    }
}
