using GrainKube.ApiMachinery.Selectors;
using GrainKube.Scheduler.Cluster;
using GrainKube.Scheduler.Nodes;
using k8s.Models;

namespace GrainKube.Scheduler.Affinity;

/// <summary>One term of affinity or anti-affinity to other pods.</summary>
/// <param name="Namespaces">Namespaces that are meant by name.</param>
/// <param name="NamespaceSelector">Namespaces that are meant besides; null where there are none.</param>
/// <param name="Selector">Pods that are meant there.</param>
/// <param name="TopologyKey">The node label whose values are places.</param>
/// <param name="Weight">Of a preferred term; negative where it is anti-affinity.</param>
internal sealed record AffinityTerm(IReadOnlySet<string> Namespaces, LabelSelector? NamespaceSelector, LabelSelector Selector, string TopologyKey, int Weight)
{
    public static AffinityTerm Of(V1PodAffinityTerm term, string podNamespace, int weight = 0)
    {
        var named = term.Namespaces is { Count: > 0 } namespaces ? namespaces.ToHashSet(StringComparer.Ordinal)
            : term.NamespaceSelector is null ? new HashSet<string>(StringComparer.Ordinal) { podNamespace } : [];
        return new AffinityTerm(
            named, term.NamespaceSelector is null ? null : LabelSelector.From(term.NamespaceSelector), LabelSelector.From(term.LabelSelector), term.TopologyKey, weight);
    }

    /// <summary>True where the term is about such pods.</summary>
    public bool Means(PodIdentity pod, IClusterView cluster) =>
        (Namespaces.Contains(pod.Namespace) || NamespaceSelector?.Matches(cluster.LabelsOf(pod.Namespace)) == true)
        && Selector.Matches(pod.Labels);
}
