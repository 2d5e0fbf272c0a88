using GrainKube.Scheduler.Affinity;
using GrainKube.Scheduler.Cluster;
using GrainKube.Scheduler.Nodes;
using GrainKube.Scheduler.Plugins;
using GrainKube.Scheduler.Pods;
using GrainKube.Scheduler.Spreading;
using GrainKube.Scheduler.Volumes;

namespace GrainKube.Scheduler.Scheduling;

/// <summary>
/// Finds a node for a pod: filters nodes until enough fit (all of a small cluster, a sample of a large one, as upstream does), scores those, takes one of the best.
/// </summary>
internal sealed class Placer(NodeTable table, IFilterPlugin[] filters, IReadOnlyList<IScorePlugin> scorers, Random random)
{
    private const int SampleAtLeast = 100;
    private NodeState[] feasible = [];
    private long[] totals = [];
    private long[] scores = [];
    private int start;

    /// <summary>Upstream's default profile, as far as it is built.</summary>
    public static Placer Default(NodeTable table, ResourceNames names, IVolumeView volumes, IClusterView cluster, Random random)
    {
        var (taints, nodeAffinity, fit) = (new TaintToleration(), new NodeAffinity(), new NodeResourcesFit(names));
        var (spread, podAffinity) = (new PodTopologySpread(table, cluster), new InterPodAffinity(table.Groups, cluster));
        return new Placer(
            table,
            [
                new NodeUnschedulable(), new NodeName(), taints, nodeAffinity, new NodePorts(), fit,
                new VolumeRestrictions(volumes, table.Claims), new VolumeBinding(volumes), spread, podAffinity,
            ],
            [taints, nodeAffinity, fit, spread, podAffinity, new NodeResourcesBalancedAllocation(), new ImageLocality(table)],
            random);
    }

    public Placement Place(PodRequest pod)
    {
        if (table.Nodes.Count == 0)
        {
            return new Placement(null, new Refusal("no nodes available to schedule pods", 0, [], ulong.MaxValue, null));
        }

        var active = filters.Where(f => !f.Skips(pod)).ToArray();
        foreach (var filter in active.OfType<IWorldFilterPlugin>())
        {
            if (filter.Prepare(pod) is { } refusal)
            {
                return new Placement(null, new Refusal(Histogram.About(table.Nodes.Count, [refusal]), table.Nodes.Count, [], BitOf(filter), null));
            }
        }

        // Room that was made for the pod comes first.
        var fitting = new Fitting(pod, active);
        if (table.NominationOf(pod.Uid) is { Exists: true } nominated && fitting.Fits(nominated))
        {
            return new Placement(nominated, null);
        }

        var found = Filter(fitting);
        return found.Length == 0 ? new Placement(null, Explain(fitting))
            : found.Length == 1 ? new Placement(found[0], null)
            : new Placement(Best(pod, found), null);
    }

    /// <summary>Whether a change may let a pod in that was refused by those filters: its node can take it as far as the node itself goes, or a filter that looks around says so.</summary>
    public bool MayFit(PodRequest waiting, ulong refusedBy, ClusterChange change)
    {
        var own = false;
        for (var i = 0; i < filters.Length; i++)
        {
            if ((refusedBy & (1UL << i)) == 0)
            {
                continue;
            }

            if (filters[i] is not IWorldFilterPlugin world)
            {
                own = true;
            }
            else if (world.MayAdmit(waiting, change))
            {
                return true;
            }
        }

        return own && change is { Kind: ChangeKind.Node or ChangeKind.PodWent, Node: { Exists: true } node } && FitsByItself(waiting, node);
    }

    /// <summary>How many fitting nodes are enough.</summary>
    internal static int EnoughOf(int nodes) => nodes < SampleAtLeast ? nodes : Math.Max(SampleAtLeast, nodes * Math.Max(5, 50 - (nodes / 125)) / 100);

    private ulong BitOf(IFilterPlugin filter) => 1UL << Array.IndexOf(filters, filter);

    private bool FitsByItself(PodRequest pod, NodeState node)
    {
        foreach (var filter in filters)
        {
            if (filter is not IWorldFilterPlugin && !filter.Skips(pod) && !filter.Fits(pod, node, null))
            {
                return false;
            }
        }

        return true;
    }

    private ReadOnlySpan<NodeState> Filter(Fitting fitting)
    {
        var nodes = table.Nodes;
        var enough = EnoughOf(nodes.Count);
        if (feasible.Length < enough)
        {
            (feasible, totals, scores) = (new NodeState[enough], new long[enough], new long[enough]);
        }

        var (count, looked) = (0, 0);
        for (; looked < nodes.Count && count < enough; looked++)
        {
            var node = nodes[(start + looked) % nodes.Count];
            if (fitting.Fits(node))
            {
                feasible[count++] = node;
            }
        }

        start = (start + looked) % nodes.Count;
        return feasible.AsSpan(0, count);
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

    private Refusal Explain(Fitting fitting)
    {
        var why = new Histogram();
        var hopeful = new List<NodeState>();
        var own = new List<string>();
        var by = 0UL;
        foreach (var node in table.Nodes)
        {
            own.Clear();
            if (fitting.RefuserOn(node, own) is { } refuser)
            {
                by |= BitOf(refuser);
                why.Add(own);
                if (!refuser.IsFinal(fitting.Pod, node))
                {
                    hopeful.Add(node);
                }
            }
        }

        return new Refusal(why.About(table.Nodes.Count), table.Nodes.Count, hopeful, by, fitting);
    }
}
