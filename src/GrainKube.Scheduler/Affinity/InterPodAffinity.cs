using GrainKube.Scheduler.Cluster;
using GrainKube.Scheduler.Nodes;
using GrainKube.Scheduler.Plugins;
using GrainKube.Scheduler.Pods;

namespace GrainKube.Scheduler.Affinity;

/// <summary>Pods that want to be near others, or far from them; and the others' anti-affinity against the newcomer.</summary>
internal sealed class InterPodAffinity(PodGroups groups, IClusterView cluster) : IWorldFilterPlugin, IScorePlugin
{
    // Upstream's hardPodAffinityWeight: who requires a pod's company is glad of it, too.
    private const int WeightOfRequired = 1;
    private readonly TopologyCounts wanted = new();
    private readonly TopologyCounts shunned = new();
    private readonly TopologyCounts closed = new();
    private readonly TopologyCounts score = new();
    private PodIdentity asking = new("", new Dictionary<string, string>(), false, PodAffinity.None);

    string IFilterPlugin.Name => "InterPodAffinity";

    string IScorePlugin.Name => "InterPodAffinity";

    public int Weight => 2;

    // Company that is missing does not come by removing pods.
    public bool IsFinal(PodRequest pod, NodeState node) => !IsNearWanted(pod, node);

    bool IFilterPlugin.Skips(PodRequest pod) => pod.Affinity.Required.Length == 0 && pod.Affinity.RequiredAnti.Length == 0 && groups.Repelling.Count == 0;

    bool IScorePlugin.Skips(PodRequest pod) => pod.Affinity.Preferred.Length == 0 && groups.Opinionated.Count == 0;

    public string? Prepare(PodRequest pod)
    {
        wanted.Clear();
        shunned.Clear();
        closed.Clear();
        asking = pod.Identity;
        if (pod.Affinity.Required is [var first, ..])
        {
            foreach (var group in groups.MeantBy(first, cluster))
            {
                CountWanted(pod.Affinity, group.Identity, label => wanted.Add(group, label, 1));
            }
        }

        foreach (var term in pod.Affinity.RequiredAnti)
        {
            foreach (var group in groups.MeantBy(term, cluster))
            {
                shunned.Add(group, term.TopologyKey, 1);
            }
        }

        foreach (var group in groups.Repelling)
        {
            foreach (var term in group.Identity.Affinity.RequiredAnti)
            {
                if (term.Means(asking, cluster))
                {
                    closed.Add(group, term.TopologyKey, 1);
                }
            }
        }

        return null;
    }

    public void Moved(PodRequest pod, PodRequest other, NodeState node, int sign)
    {
        CountWanted(pod.Affinity, other.Identity, label => wanted.Add(node, label, sign));
        foreach (var term in pod.Affinity.RequiredAnti)
        {
            if (term.Means(other.Identity, cluster))
            {
                shunned.Add(node, term.TopologyKey, sign);
            }
        }

        foreach (var term in other.Affinity.RequiredAnti)
        {
            if (term.Means(asking, cluster))
            {
                closed.Add(node, term.TopologyKey, sign);
            }
        }
    }

    public bool MayAdmit(PodRequest waiting, ClusterChange change) => change.Kind switch
    {
        ChangeKind.Node or ChangeKind.Namespace => true,
        ChangeKind.PodCame => waiting.Affinity.Required.Length > 0 && Array.TrueForAll(waiting.Affinity.Required, t => t.Means(change.Pod!.Identity, cluster)),
        ChangeKind.PodWent => Array.Exists(waiting.Affinity.RequiredAnti, t => t.Means(change.Pod!.Identity, cluster))
            || Array.Exists(change.Pod!.Affinity.RequiredAnti, t => t.Means(waiting.Identity, cluster)),
        _ => false,
    };

    public bool Fits(PodRequest pod, NodeState node, ICollection<string>? reasons)
    {
        var reason = !IsNearWanted(pod, node) ? "node(s) didn't match pod affinity rules"
            : Array.Exists(pod.Affinity.RequiredAnti, t => shunned.Of(node, t.TopologyKey) > 0) ? "node(s) didn't match pod anti-affinity rules"
            : closed.SumFor(node) > 0 ? "node(s) didn't satisfy existing pods anti-affinity rules"
            : null;
        if (reason is not null)
        {
            reasons?.Add(reason);
        }

        return reason is null;
    }

    public void Score(PodRequest pod, ReadOnlySpan<NodeState> nodes, Span<long> scores)
    {
        score.Clear();
        foreach (var term in pod.Affinity.Preferred)
        {
            foreach (var group in groups.MeantBy(term, cluster))
            {
                score.Add(group, term.TopologyKey, term.Weight);
            }
        }

        foreach (var group in groups.Opinionated)
        {
            AddOpinion(group, group.Identity.Affinity.Required, pod.Identity, WeightOfRequired);
            AddOpinion(group, group.Identity.Affinity.Preferred, pod.Identity, null);
        }

        for (var i = 0; i < nodes.Length; i++)
        {
            scores[i] = score.SumFor(nodes[i]);
        }

        Normalised.Stretched(scores);
    }

    private void AddOpinion(PodGroup group, AffinityTerm[] terms, PodIdentity pod, int? weight)
    {
        foreach (var term in terms)
        {
            if (term.Means(pod, cluster))
            {
                score.Add(group, term.TopologyKey, weight ?? term.Weight);
            }
        }
    }

    /// <summary>As upstream has it, a pod is company only where it is meant by every required term.</summary>
    private void CountWanted(PodAffinity affinity, PodIdentity other, Action<string> count)
    {
        if (affinity.Required.Length > 0 && Array.TrueForAll(affinity.Required, t => t.Means(other, cluster)))
        {
            foreach (var term in affinity.Required)
            {
                count(term.TopologyKey);
            }
        }
    }

    private bool IsNearWanted(PodRequest pod, NodeState node)
    {
        var near = true;
        foreach (var term in pod.Affinity.Required)
        {
            if (!node.Labels.ContainsKey(term.TopologyKey))
            {
                return false;
            }

            near &= wanted.Of(node, term.TopologyKey) > 0;
        }

        // The first of pods that want each other's company has to start somewhere.
        return near || (wanted.IsEmpty && Array.TrueForAll(pod.Affinity.Required, t => t.Means(pod.Identity, cluster)));
    }
}
