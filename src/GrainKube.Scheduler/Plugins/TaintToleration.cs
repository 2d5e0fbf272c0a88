using GrainKube.Resources.Core.Pods;
using GrainKube.Scheduler.Nodes;
using GrainKube.Scheduler.Pods;

namespace GrainKube.Scheduler.Plugins;

/// <summary>NoSchedule and NoExecute taints must be tolerated; fewer PreferNoSchedule taints that are not are better.</summary>
internal sealed class TaintToleration : IFilterPlugin, IScorePlugin
{
    public string Name => "TaintToleration";

    public bool IsFinal(PodRequest pod, NodeState node) => true;

    public int Weight => 3;

    public bool Fits(PodRequest pod, NodeState node, ICollection<string>? reasons)
    {
        if (Allows(pod, node))
        {
            return true;
        }

        reasons?.Add("node(s) had untolerated taint(s)");
        return false;
    }

    /// <summary>The pod tolerates every taint that keeps pods away.</summary>
    public static bool Allows(PodRequest pod, NodeState node)
    {
        foreach (var taint in node.Taints)
        {
            if (taint.Effect is "NoSchedule" or "NoExecute" && !Tolerations.Tolerate(pod.Tolerations, taint))
            {
                return false;
            }
        }

        return true;
    }

    public void Score(PodRequest pod, ReadOnlySpan<NodeState> nodes, Span<long> scores)
    {
        for (var i = 0; i < nodes.Length; i++)
        {
            scores[i] = 0;
            foreach (var taint in nodes[i].Taints)
            {
                scores[i] += taint.Effect == "PreferNoSchedule" && !Tolerations.Tolerate(pod.Tolerations, taint) ? 1 : 0;
            }
        }

        Normalised.Reversed(scores);
    }
}
