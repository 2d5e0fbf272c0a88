using GrainKube.Scheduler.Nodes;
using GrainKube.Scheduler.Pods;

namespace GrainKube.Scheduler.Plugins;

/// <summary>A node must have room for what the pod asks; emptier nodes are better (LeastAllocated).</summary>
internal sealed class NodeResourcesFit(ResourceNames names) : IFilterPlugin, IScorePlugin
{
    public string Name => "NodeResourcesFit";

    /// <summary>True where even the empty node is too small.</summary>
    public bool IsFinal(PodRequest pod, NodeState node)
    {
        var asked = pod.Requests.Amounts;
        for (var i = 0; i < asked.Length; i++)
        {
            if (asked[i] > node.Allocatable[i])
            {
                return true;
            }
        }

        return false;
    }

    public int Weight => 1;

    public bool Fits(PodRequest pod, NodeState node, ICollection<string>? reasons)
    {
        var fits = true;
        var asked = pod.Requests.Amounts;
        var used = node.Used;
        for (var i = 0; i < asked.Length; i++)
        {
            if (asked[i] == 0 || (i < used.Length ? used[i] : 0) + asked[i] <= node.Allocatable[i])
            {
                continue;
            }

            fits = false;
            if (reasons is null)
            {
                return false;
            }

            reasons.Add(i == ResourceVector.Pods ? "Too many pods" : $"Insufficient {names.NameOf(i)}");
        }

        return fits;
    }

    public void Score(PodRequest pod, ReadOnlySpan<NodeState> nodes, Span<long> scores)
    {
        for (var i = 0; i < nodes.Length; i++)
        {
            scores[i] = (Free(pod, nodes[i], ResourceVector.Cpu) + Free(pod, nodes[i], ResourceVector.Memory)) / 2;
        }
    }

    private static long Free(PodRequest pod, NodeState node, int resource)
    {
        var capacity = node.Allocatable[resource];
        var wanted = node.AssumedUsed[resource] + pod.AssumedRequests[resource];
        return capacity == 0 || wanted > capacity ? 0 : (capacity - wanted) * Normalised.Best / capacity;
    }
}
