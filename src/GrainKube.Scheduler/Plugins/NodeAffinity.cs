using GrainKube.Resources.Core.Pods;
using GrainKube.Scheduler.Nodes;
using GrainKube.Scheduler.Pods;

namespace GrainKube.Scheduler.Plugins;

/// <summary><c>nodeSelector</c> and node affinity: required terms filter, preferred ones score.</summary>
internal sealed class NodeAffinity : IFilterPlugin, IScorePlugin
{
    string IFilterPlugin.Name => "NodeAffinity";

    string IScorePlugin.Name => "NodeAffinity";

    public bool IsFinal(PodRequest pod, NodeState node) => true;

    public int Weight => 2;

    bool IFilterPlugin.Skips(PodRequest pod) => pod.NodeSelector.Length == 0 && pod.RequiredAffinity is null;

    bool IScorePlugin.Skips(PodRequest pod) => pod.PreferredAffinity.Count == 0;

    public bool Fits(PodRequest pod, NodeState node, ICollection<string>? reasons)
    {
        if (Allows(pod, node))
        {
            return true;
        }

        reasons?.Add("node(s) didn't match Pod's node affinity/selector");
        return false;
    }

    /// <summary>The pod's <c>nodeSelector</c> and required affinity let it go there.</summary>
    public static bool Allows(PodRequest pod, NodeState node) =>
        SelectorFits(pod, node) && (pod.RequiredAffinity is null || NodeSelectors.Matches(pod.RequiredAffinity, node.Name, node.Labels));

    public void Score(PodRequest pod, ReadOnlySpan<NodeState> nodes, Span<long> scores)
    {
        for (var i = 0; i < nodes.Length; i++)
        {
            scores[i] = 0;
            foreach (var term in pod.PreferredAffinity)
            {
                scores[i] += NodeSelectors.Matches(term.Preference, nodes[i].Name, nodes[i].Labels) ? term.Weight : 0;
            }
        }

        Normalised.Scaled(scores);
    }

    private static bool SelectorFits(PodRequest pod, NodeState node)
    {
        foreach (var (label, wanted) in pod.NodeSelector)
        {
            if (!node.Labels.TryGetValue(label, out var value) || value != wanted)
            {
                return false;
            }
        }

        return true;
    }
}
