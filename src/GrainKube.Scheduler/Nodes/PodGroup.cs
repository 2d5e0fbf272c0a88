using System.Runtime.InteropServices;

namespace GrainKube.Scheduler.Nodes;

/// <summary>Placed pods that no rule can tell apart, counted for each node.</summary>
internal sealed class PodGroup(PodIdentity identity)
{
    private readonly Dictionary<NodeState, int> counts = [];

    public PodIdentity Identity { get; } = identity;

    /// <summary>How many there are on each node that has any, nodes that were deleted included.</summary>
    public Dictionary<NodeState, int> Nodes => counts;

    public bool IsEmpty => counts.Count == 0;

    public int On(NodeState node) => counts.GetValueOrDefault(node);

    public void Count(NodeState node, int sign)
    {
        ref var count = ref CollectionsMarshal.GetValueRefOrAddDefault(counts, node, out _);
        count += sign;
        if (count == 0)
        {
            counts.Remove(node);
        }
    }
}
