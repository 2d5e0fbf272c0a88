using GrainKube.ApiMachinery.Objects;
using GrainKube.Scheduler.Pods;

namespace GrainKube.Scheduler.Nodes;

/// <summary>All nodes and what is placed on them, kept up from the change stream and by assumptions. Used by one task at a time.</summary>
internal sealed class NodeTable(ResourceNames names)
{
    private readonly Dictionary<string, NodeState> byName = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (PodRequest Pod, NodeState Node)> placed = new(StringComparer.Ordinal);
    private readonly List<NodeState> nodes = [];

    /// <summary>Existing nodes, in no meaningful order.</summary>
    public IReadOnlyList<NodeState> Nodes => nodes;

    /// <summary>Claims that placed pods use.</summary>
    public ClaimUse Claims { get; } = new();

    /// <returns>True where a waiting pod may now fit.</returns>
    public bool Set(KubeObject node)
    {
        var state = StateOf(node.Header.Name);
        if (!state.Exists)
        {
            nodes.Add(state);
        }

        return state.Set(node, names);
    }

    public void Remove(string node)
    {
        if (byName.TryGetValue(node, out var state) && state.Exists)
        {
            state.Remove();
            nodes.Remove(state);
        }
    }

    /// <summary>The pod sits on its node: known from the store, or assumed because it is about to be bound. Repeating it changes nothing.</summary>
    public void Place(PodRequest pod, string node)
    {
        if (placed.TryGetValue(pod.Uid, out var known))
        {
            if (known.Node.Name == node)
            {
                known.Node.Take(known.Pod);
                known.Node.Add(pod);
                placed[pod.Uid] = (pod, known.Node);
                return;
            }

            Displace(pod.Uid);
        }

        var state = StateOf(node);
        state.Add(pod);
        Claims.Count(pod, 1);
        placed[pod.Uid] = (pod, state);
    }

    /// <summary>The pod is known to sit there, and what it asks for has not changed since: its generation says so without a look at its spec.</summary>
    public bool Holds(KubeObject pod, string node) =>
        placed.TryGetValue(pod.Header.Uid, out var known) && known.Node.Name == node && known.Pod.Generation == pod.Header.Generation;

    /// <summary>The pod is gone, finished, or could not be bound.</summary>
    /// <returns>True where it had a place.</returns>
    public bool Displace(string uid)
    {
        if (!placed.Remove(uid, out var known))
        {
            return false;
        }

        known.Node.Take(known.Pod);
        Claims.Count(known.Pod, -1);
        return true;
    }

    private NodeState StateOf(string name)
    {
        if (!byName.TryGetValue(name, out var state))
        {
            byName[name] = state = new NodeState(name);
        }

        return state;
    }
}
