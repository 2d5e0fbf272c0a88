using GrainKube.ApiMachinery.Selectors;
using GrainKube.Scheduler.Cluster;
using GrainKube.Scheduler.Nodes;
using GrainKube.Scheduler.Plugins;
using GrainKube.Scheduler.Pods;

namespace GrainKube.Scheduler.Spreading;

/// <summary>Spreads pods of a kind over the values of node labels. Pods that say nothing of it are spread softly over hosts and zones, as upstream's system defaults have it.</summary>
internal sealed class PodTopologySpread(NodeTable table, IClusterView cluster) : IWorldFilterPlugin, IScorePlugin
{
    private SpreadFilter? filter;

    string IFilterPlugin.Name => "PodTopologySpread";

    string IScorePlugin.Name => "PodTopologySpread";

    public int Weight => 2;

    // Labels do not come by removing pods.
    public bool IsFinal(PodRequest pod, NodeState node) => !filter!.HasLabels(node);

    bool IFilterPlugin.Skips(PodRequest pod) => !pod.Spread.Any(c => c.IsHard);

    public string? Prepare(PodRequest pod)
    {
        filter = new SpreadFilter(pod, table);
        return null;
    }

    public void Moved(PodRequest pod, PodRequest other, NodeState node, int sign) => filter!.Moved(other, node, sign);

    public bool MayAdmit(PodRequest waiting, ClusterChange change) => change.Kind switch
    {
        ChangeKind.Node => true,
        ChangeKind.PodCame or ChangeKind.PodWent =>
            change.Pod!.Key.Namespace == waiting.Key.Namespace && waiting.Spread.Any(c => c.IsHard && c.Counts(change.Pod.Identity)),
        _ => false,
    };

    public bool Fits(PodRequest pod, NodeState node, ICollection<string>? reasons)
    {
        var reason = !filter!.HasLabels(node) ? "node(s) didn't match pod topology spread constraints (missing required label)"
            : !filter.Allows(node) ? "node(s) didn't match pod topology spread constraints"
            : null;
        if (reason is not null)
        {
            reasons?.Add(reason);
        }

        return reason is null;
    }

    public void Score(PodRequest pod, ReadOnlySpan<NodeState> nodes, Span<long> scores)
    {
        IReadOnlyList<SpreadConstraint> soft = pod.Spread.Count > 0 ? [.. pod.Spread.Where(c => !c.IsHard)] : cluster.PeersOf(pod) is { } peers ? Defaults(peers) : [];
        if (soft.Count == 0)
        {
            scores.Clear();
            return;
        }

        SpreadScore.Score(pod, soft, needsAllLabels: pod.Spread.Count > 0, table, nodes, scores);
    }

    private static SpreadConstraint[] Defaults(LabelSelector peers) =>
    [
        new() { MaxSkew = 3, TopologyKey = "kubernetes.io/hostname", Selector = peers, IsHard = false },
        new() { MaxSkew = 5, TopologyKey = "topology.kubernetes.io/zone", Selector = peers, IsHard = false },
    ];
}
