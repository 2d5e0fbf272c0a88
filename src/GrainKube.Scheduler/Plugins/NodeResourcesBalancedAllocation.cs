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
            var cpu = Share(pod, nodes[i], ResourceVector.Cpu);
            var memory = Share(pod, nodes[i], ResourceVector.Memory);
            scores[i] = (long)((1 - (Math.Abs(cpu - memory) / 2)) * Normalised.Best);
        }
    }

    private static double Share(PodRequest pod, NodeState node, int resource)
    {
        var capacity = node.Allocatable[resource];
        return capacity == 0 ? 1 : Math.Min(1, (double)(node.Used[resource] + pod.Requests[resource]) / capacity);
    }
}
