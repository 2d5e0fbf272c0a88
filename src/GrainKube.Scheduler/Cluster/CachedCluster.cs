using GrainKube.ApiMachinery.Objects;
using GrainKube.ApiMachinery.Selectors;
using GrainKube.Objects.Cache;
using GrainKube.Scheduler.Pods;
using GrainKube.Scheduler.Preemption;
using k8s.Models;

namespace GrainKube.Scheduler.Cluster;

/// <summary>Reads from this silo's cache. What is needed of an object is read from its bytes once and kept with them.</summary>
internal sealed class CachedCluster(WatchCache cache) : IClusterView
{
    private static readonly GroupResource NamespaceKind = new("", "namespaces");
    private static readonly GroupResource ServiceKind = new("", "services");
    private static readonly GroupResource ControllerKind = new("", "replicationcontrollers");
    private static readonly GroupResource ReplicaSetKind = new("apps", "replicasets");
    private static readonly GroupResource StatefulSetKind = new("apps", "statefulsets");
    private static readonly GroupResource BudgetKind = new("policy", "poddisruptionbudgets");
    private static readonly Dictionary<string, string> NoLabels = [];

    public IReadOnlyDictionary<string, string> LabelsOf(string ns) => cache.Kind(NamespaceKind).Get("", ns)?.Header.Labels ?? NoLabels;

    public LabelSelector? PeersOf(PodRequest pod)
    {
        var ns = pod.Key.Namespace;
        LabelSelector? peers = null;
        foreach (var service in cache.Kind(ServiceKind).Snapshot.In(ns))
        {
            var selector = service.Derive(OfService);
            if (!selector.Value.IsEverything && selector.Value.Matches(pod.Labels))
            {
                peers = selector.Value.And(peers);
            }
        }

        var owner = pod.Controller switch
        {
            { Kind: "ReplicaSet", ApiVersion: "apps/v1" } set => cache.Kind(ReplicaSetKind).Get(ns, set.Name)?.Derive(OfWorkload<V1ReplicaSet>),
            { Kind: "StatefulSet", ApiVersion: "apps/v1" } set => cache.Kind(StatefulSetKind).Get(ns, set.Name)?.Derive(OfWorkload<V1StatefulSet>),
            { Kind: "ReplicationController", ApiVersion: "v1" } controller => cache.Kind(ControllerKind).Get(ns, controller.Name)?.Derive(OfWorkload<V1ReplicationController>),
            _ => null,
        };
        return owner is null ? peers : owner.Value.And(peers);
    }

    public IEnumerable<DisruptionBudget> BudgetsOf(string ns) => cache.Kind(BudgetKind).Snapshot.In(ns).Select(b => b.Derive(DisruptionBudget.Of));

    /// <summary>Calls when a namespace gets other labels.</summary>
    public IDisposable SubscribeToNamespaces(Action onChange) => cache.Kind(NamespaceKind).Subscribe(change =>
    {
        if (change.After is { } after && !Nodes.PodIdentity.SameLabels(after.Header.Labels, change.Before?.Header.Labels ?? NoLabels))
        {
            onChange();
        }
    });

    private static Peers OfService(KubeObject item) => new(LabelSelector.Of(item.As<V1Service>().Spec.Selector ?? NoLabels));

    private static Peers OfWorkload<T>(KubeObject item) where T : class => new(item.As<T>() switch
    {
        V1ReplicaSet set => LabelSelector.From(set.Spec.Selector),
        V1StatefulSet set => LabelSelector.From(set.Spec.Selector),
        V1ReplicationController controller => LabelSelector.Of(controller.Spec.Selector ?? NoLabels),
        var other => throw new ArgumentException($"{other.GetType()} controls no pods", nameof(item)),
    });

    private sealed record Peers(LabelSelector Value);
}
