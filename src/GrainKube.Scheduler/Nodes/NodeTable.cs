using System.Runtime.InteropServices;
using GrainKube.ApiMachinery.Objects;
using GrainKube.Scheduler.Pods;

namespace GrainKube.Scheduler.Nodes;

/// <summary>All nodes, what is placed on them and what waits for room there; kept up from the change stream and by assumptions. Used by one task at a time.</summary>
internal sealed class NodeTable(ResourceNames names)
{
    private readonly Dictionary<string, NodeState> byName = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (PodRequest Pod, NodeState Node)> placed = new(StringComparer.Ordinal);
    private readonly Dictionary<string, NodeState> nominations = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> nodesWithImage = new(StringComparer.Ordinal);
    private readonly List<NodeState> nodes = [];

    /// <summary>Existing nodes, in no meaningful order.</summary>
    public IReadOnlyList<NodeState> Nodes => nodes;

    /// <summary>Claims that placed pods use.</summary>
    public ClaimUse Claims { get; } = new();

    /// <summary>Placed pods by what rules of affinity and spreading see of them.</summary>
    public PodGroups Groups { get; } = new();

    /// <summary>Some node says which images it has.</summary>
    public bool KnowsImages => nodesWithImage.Count > 0;

    public int NodesWith(string image) => nodesWithImage.GetValueOrDefault(image);

    /// <summary>The node of that name, or null; also one that was deleted, while it is remembered.</summary>
    public NodeState? Find(string node) => byName.GetValueOrDefault(node);

    /// <returns>True where a waiting pod may now fit.</returns>
    public bool Set(KubeObject node)
    {
        var state = StateOf(node.Header.Name);
        if (!state.Exists)
        {
            nodes.Add(state);
        }

        CountImages(state, -1);
        var changed = state.Set(node, names);
        CountImages(state, 1);
        return changed;
    }

    public void Remove(string node)
    {
        if (byName.TryGetValue(node, out var state) && state.Exists)
        {
            CountImages(state, -1);
            state.Remove();
            nodes.Remove(state);
        }
    }

    /// <summary>The pod sits on its node: known from the store, or assumed because it is about to be bound. Repeating it changes nothing.</summary>
    public void Place(PodRequest pod, string node)
    {
        Displace(pod.Uid);
        Unnominate(pod.Uid);
        var state = StateOf(node);
        state.Add(pod);
        Claims.Count(pod, 1);
        Groups.Count(pod, state, 1);
        placed[pod.Uid] = (pod, state);
    }

    /// <summary>What is known of a placed pod, or null.</summary>
    public (PodRequest Pod, NodeState Node)? Placed(string uid) => placed.TryGetValue(uid, out var known) ? known : null;

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
        Groups.Count(known.Pod, known.Node, -1);
        return true;
    }

    /// <summary>Room is kept for the pod there against pods of lower priority; what was kept for it elsewhere is given up.</summary>
    public void Nominate(PodRequest pod, string node)
    {
        Unnominate(pod.Uid);
        var state = StateOf(node);
        state.Nominate(pod);
        nominations[pod.Uid] = state;
    }

    /// <returns>The pod, and the node where room was kept for it; null where none was.</returns>
    public (PodRequest Pod, NodeState Node)? Unnominate(string uid) =>
        nominations.Remove(uid, out var state) ? (state.Unnominate(uid), state) : null;

    /// <summary>Where room is kept for the pod, or null.</summary>
    public NodeState? NominationOf(string uid) => nominations.GetValueOrDefault(uid);

    private void CountImages(NodeState node, int sign)
    {
        foreach (var image in node.Images.Keys)
        {
            ref var count = ref CollectionsMarshal.GetValueRefOrAddDefault(nodesWithImage, image, out _);
            count += sign;
            if (count == 0)
            {
                nodesWithImage.Remove(image);
            }
        }
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
