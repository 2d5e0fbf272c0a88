using GrainKube.Scheduler.Nodes;
using GrainKube.Scheduler.Plugins;
using GrainKube.Scheduler.Pods;

namespace GrainKube.Scheduler.Spreading;

/// <summary>Scores nodes by soft constraints: fewer pods of a kind in the node's domain are better, domains of a label with few values count less.</summary>
internal static class SpreadScore
{
    private const string Hostname = "kubernetes.io/hostname";

    /// <param name="pod">The pod.</param>
    /// <param name="constraints">Soft constraints.</param>
    /// <param name="needsAllLabels">A node that lacks a label gets the worst score; otherwise the label is passed over there.</param>
    /// <param name="table">All nodes: pods on those that do not fit count, too.</param>
    /// <param name="nodes">Nodes that fit.</param>
    /// <param name="scores">Where the scores go.</param>
    public static void Score(
        PodRequest pod, IReadOnlyList<SpreadConstraint> constraints, bool needsAllLabels, NodeTable table, ReadOnlySpan<NodeState> nodes, Span<long> scores)
    {
        Span<bool> ignored = nodes.Length <= 1024 ? stackalloc bool[nodes.Length] : new bool[nodes.Length];
        var left = 0;
        for (var i = 0; i < nodes.Length; i++)
        {
            ignored[i] = needsAllLabels && LacksLabel(nodes[i], constraints);
            left += ignored[i] ? 1 : 0;
        }

        var sums = new double[nodes.Length];
        foreach (var constraint in constraints)
        {
            Add(pod, constraint, needsAllLabels ? constraints : [], table, nodes, ignored, nodes.Length - left, sums);
        }

        Normalise(sums, ignored, scores);
    }

    private static void Add(
        PodRequest pod,
        SpreadConstraint constraint,
        IReadOnlyList<SpreadConstraint> labels,
        NodeTable table,
        ReadOnlySpan<NodeState> nodes,
        ReadOnlySpan<bool> ignored,
        int scored,
        double[] sums)
    {
        var isHost = constraint.TopologyKey == Hostname;
        var domains = new Domains();
        for (var i = 0; i < nodes.Length && !isHost; i++)
        {
            if (!ignored[i] && nodes[i].Labels.TryGetValue(constraint.TopologyKey, out var domain))
            {
                domains.Know(domain);
            }
        }

        if (!isHost && domains.Count == 0)
        {
            return;
        }

        var groups = table.Groups.Counted(pod.Key.Namespace, constraint.Selector);
        foreach (var group in isHost ? [] : groups)
        {
            foreach (var (node, count) in group.Nodes)
            {
                if (node.Exists && !LacksLabel(node, labels) && node.Labels.TryGetValue(constraint.TopologyKey, out var domain) && constraint.Includes(pod, node))
                {
                    domains.Add(domain, count);
                }
            }
        }

        var weight = Math.Log((isHost ? scored : domains.Count) + 2);
        for (var i = 0; i < nodes.Length; i++)
        {
            if (!ignored[i] && nodes[i].Labels.TryGetValue(constraint.TopologyKey, out var domain))
            {
                sums[i] += ((isHost ? On(nodes[i], groups) : domains.In(domain)) * weight) + (constraint.MaxSkew - 1);
            }
        }
    }

    private static int On(NodeState node, List<PodGroup> groups)
    {
        var count = 0;
        foreach (var group in groups)
        {
            count += group.On(node);
        }

        return count;
    }

    private static bool LacksLabel(NodeState node, IReadOnlyList<SpreadConstraint> constraints)
    {
        foreach (var constraint in constraints)
        {
            if (!node.Labels.ContainsKey(constraint.TopologyKey))
            {
                return true;
            }
        }

        return false;
    }

    private static void Normalise(ReadOnlySpan<double> sums, ReadOnlySpan<bool> ignored, Span<long> scores)
    {
        var (least, most) = (long.MaxValue, 0L);
        for (var i = 0; i < sums.Length; i++)
        {
            scores[i] = (long)Math.Round(sums[i], MidpointRounding.AwayFromZero);
            if (!ignored[i])
            {
                (least, most) = (Math.Min(least, scores[i]), Math.Max(most, scores[i]));
            }
        }

        for (var i = 0; i < sums.Length; i++)
        {
            scores[i] = ignored[i] ? 0 : most == 0 ? Normalised.Best : Normalised.Best * (most + least - scores[i]) / most;
        }
    }
}
