using GrainKube.ApiMachinery.Selectors;
using GrainKube.Scheduler.Affinity;
using GrainKube.Scheduler.Cluster;
using GrainKube.Scheduler.Pods;

namespace GrainKube.Scheduler.Nodes;

/// <summary>
/// Placed pods by what rules can see of them: a rule is asked once for each group, not for each pod. Groups with rules of their own are kept apart, so that a cluster without any pays nothing.
/// Changed only by the <see cref="NodeTable"/>.
/// </summary>
internal sealed class PodGroups
{
    private readonly Dictionary<PodIdentity, PodGroup> all = [];
    private readonly Dictionary<string, HashSet<PodGroup>> byNamespace = new(StringComparer.Ordinal);
    private readonly HashSet<PodGroup> repelling = [];
    private readonly HashSet<PodGroup> opinionated = [];

    /// <summary>Groups whose pods keep others away by required anti-affinity.</summary>
    public IReadOnlyCollection<PodGroup> Repelling => repelling;

    /// <summary>Groups whose pods' affinity has a say in where others are best put.</summary>
    public IReadOnlyCollection<PodGroup> Opinionated => opinionated;

    public IReadOnlyCollection<PodGroup> In(string ns) => byNamespace.TryGetValue(ns, out var found) ? found : [];

    /// <summary>Groups whose pods the selector matches and that are not on their way out: what spreading counts. As upstream has it, an empty selector counts nothing.</summary>
    public List<PodGroup> Counted(string ns, LabelSelector selector)
    {
        var found = new List<PodGroup>();
        foreach (var group in selector.IsEverything ? [] : In(ns))
        {
            if (!group.Identity.IsTerminating && selector.Matches(group.Identity.Labels))
            {
                found.Add(group);
            }
        }

        return found;
    }

    /// <summary>Groups whose pods a term of affinity means.</summary>
    public IEnumerable<PodGroup> MeantBy(AffinityTerm term, IClusterView cluster)
    {
        var candidates = term.NamespaceSelector is null ? term.Namespaces.SelectMany(In) : byNamespace.Values.SelectMany(g => g);
        return candidates.Where(g => term.Means(g.Identity, cluster));
    }

    public void Count(PodRequest pod, NodeState node, int sign)
    {
        if (!all.TryGetValue(pod.Identity, out var group))
        {
            Add(group = new PodGroup(pod.Identity));
        }

        group.Count(node, sign);
        if (group.IsEmpty)
        {
            Remove(group);
        }
    }

    private void Add(PodGroup group)
    {
        var identity = group.Identity;
        all[identity] = group;
        if (!byNamespace.TryGetValue(identity.Namespace, out var there))
        {
            byNamespace[identity.Namespace] = there = [];
        }

        there.Add(group);
        if (identity.Affinity.RequiredAnti.Length > 0)
        {
            repelling.Add(group);
        }

        if (identity.Affinity.Required.Length > 0 || identity.Affinity.Preferred.Length > 0)
        {
            opinionated.Add(group);
        }
    }

    private void Remove(PodGroup group)
    {
        all.Remove(group.Identity);
        repelling.Remove(group);
        opinionated.Remove(group);
        if (byNamespace.TryGetValue(group.Identity.Namespace, out var there) && there.Remove(group) && there.Count == 0)
        {
            byNamespace.Remove(group.Identity.Namespace);
        }
    }
}
