using System.Globalization;
using System.Text;
using GrainKube.Scheduler.Nodes;
using GrainKube.Scheduler.Plugins;
using GrainKube.Scheduler.Pods;
using GrainKube.Scheduler.Volumes;

namespace GrainKube.Scheduler.Scheduling;

/// <summary>
/// Finds a node for a pod: filters nodes until enough fit (all of a small cluster, a sample of a large one, as upstream does), scores those, takes one of the best.
/// </summary>
internal sealed class Placer(IReadOnlyList<IPodFilterPlugin> first, IReadOnlyList<IFilterPlugin> filters, IReadOnlyList<IScorePlugin> scorers, Random random)
{
    private const int SampleAtLeast = 100;
    private NodeState[] feasible = [];
    private long[] totals = [];
    private long[] scores = [];
    private int start;

    /// <summary>Upstream's default profile, as far as it is built.</summary>
    public static Placer Default(ResourceNames names, IVolumeView view, ClaimUse claims, Random random)
    {
        var volumes = new VolumeBinding(view);
        var (taints, affinity, fit) = (new TaintToleration(), new NodeAffinity(), new NodeResourcesFit(names));
        return new Placer(
            [volumes],
            [new NodeUnschedulable(), new NodeName(), taints, affinity, new NodePorts(), fit, new VolumeRestrictions(view, claims), volumes],
            [taints, affinity, fit, new NodeResourcesBalancedAllocation()],
            random);
    }

    public Placement Place(PodRequest pod, IReadOnlyList<NodeState> nodes)
    {
        if (nodes.Count == 0)
        {
            return new Placement(null, "no nodes available to schedule pods");
        }

        foreach (var plugin in first)
        {
            if (!plugin.Skips(pod) && plugin.Refusal(pod) is { } refusal)
            {
                return new Placement(null, Nowhere(refusal, nodes.Count));
            }
        }

        var found = Filter(pod, nodes);
        return found.Length == 0 ? new Placement(null, Explain(pod, nodes))
            : found.Length == 1 ? new Placement(found[0], "")
            : new Placement(Best(pod, found), "");
    }

    /// <summary>How many fitting nodes are enough.</summary>
    internal static int EnoughOf(int nodes) => nodes < SampleAtLeast ? nodes : Math.Max(SampleAtLeast, nodes * Math.Max(5, 50 - (nodes / 125)) / 100);

    private ReadOnlySpan<NodeState> Filter(PodRequest pod, IReadOnlyList<NodeState> nodes)
    {
        var enough = EnoughOf(nodes.Count);
        if (feasible.Length < enough)
        {
            (feasible, totals, scores) = (new NodeState[enough], new long[enough], new long[enough]);
        }

        var active = filters.Where(f => !f.Skips(pod)).ToArray();
        var (count, looked) = (0, 0);
        for (; looked < nodes.Count && count < enough; looked++)
        {
            var node = nodes[(start + looked) % nodes.Count];
            if (Fits(active, pod, node))
            {
                feasible[count++] = node;
            }
        }

        start = (start + looked) % nodes.Count;
        return feasible.AsSpan(0, count);
    }

    private static bool Fits(IFilterPlugin[] active, PodRequest pod, NodeState node)
    {
        foreach (var filter in active)
        {
            if (!filter.Fits(pod, node, null))
            {
                return false;
            }
        }

        return true;
    }

    private NodeState Best(PodRequest pod, ReadOnlySpan<NodeState> found)
    {
        var sums = totals.AsSpan(0, found.Length);
        var own = scores.AsSpan(0, found.Length);
        sums.Clear();
        foreach (var scorer in scorers)
        {
            if (scorer.Skips(pod))
            {
                continue;
            }

            scorer.Score(pod, found, own);
            for (var i = 0; i < found.Length; i++)
            {
                sums[i] += own[i] * scorer.Weight;
            }
        }

        // One of the best by lot, so that equal nodes fill evenly.
        var (best, ties) = (0, 1);
        for (var i = 1; i < found.Length; i++)
        {
            if (sums[i] > sums[best])
            {
                (best, ties) = (i, 1);
            }
            else if (sums[i] == sums[best] && random.Next(++ties) == 0)
            {
                best = i;
            }
        }

        return found[best];
    }

    private static string Nowhere(string refusal, int nodes)
    {
        var text = new StringBuilder();
        Counted(text, nodes, [refusal]);
        text.Append(" preemption: ");
        Counted(text, nodes, [$"{nodes} Preemption is not helpful for scheduling"]);
        return text.ToString();
    }

    private string Explain(PodRequest pod, IReadOnlyList<NodeState> nodes)
    {
        var reasons = new SortedDictionary<string, int>(StringComparer.Ordinal);
        var (final, hopeful) = (0, 0);
        var own = new List<string>();
        foreach (var node in nodes)
        {
            own.Clear();
            foreach (var filter in filters)
            {
                if (!filter.Skips(pod) && !filter.Fits(pod, node, own))
                {
                    (final, hopeful) = filter.IsFinal(pod, node) ? (final + 1, hopeful) : (final, hopeful + 1);
                    break;
                }
            }

            foreach (var reason in own)
            {
                reasons[reason] = reasons.GetValueOrDefault(reason) + 1;
            }
        }

        var text = new StringBuilder();
        Counted(text, nodes.Count, reasons.Select(r => $"{r.Value} {r.Key}"));
        text.Append(" preemption: ");
        var outlook = new List<string>();
        if (hopeful > 0)
        {
            outlook.Add($"{hopeful} No preemption victims found for incoming pod");
        }

        if (final > 0)
        {
            outlook.Add($"{final} Preemption is not helpful for scheduling");
        }

        Counted(text, nodes.Count, outlook);
        return text.ToString();
    }

    private static void Counted(StringBuilder text, int nodes, IEnumerable<string> parts) =>
        text.Append(CultureInfo.InvariantCulture, $"0/{nodes} nodes are available: ").AppendJoin(", ", parts.Order(StringComparer.Ordinal)).Append('.');
}
