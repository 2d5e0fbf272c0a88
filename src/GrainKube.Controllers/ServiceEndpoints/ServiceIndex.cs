using GrainKube.ApiMachinery.Objects;
using GrainKube.Objects.Cache;

namespace GrainKube.Controllers.ServiceEndpoints;

/// <summary>Which services select a pod, without asking each of thousands: a service is found by one label of its selector.</summary>
/// <remarks>Follows the cache from the first question on. Questions come on the cache's own task, so each sees the services as they stood at the pod's change.</remarks>
internal sealed class ServiceIndex(WatchCache cache)
{
    private static readonly GroupResource Services = new("", "services");
    private static readonly GroupResource Pods = new("", "pods");
    private readonly Lock gate = new();
    private readonly Dictionary<(string Namespace, string Label, string Value), Dictionary<ObjectKey, KubeObject>> services = [];
    private bool follows;

    /// <summary>The services to be looked at after a pod's change: those that selected it before and those that do now, where they can see a difference.</summary>
    public IEnumerable<ObjectKey> AffectedBy(ObjectChange change)
    {
        var (before, after) = (change.Before, change.After);
        if (before is not null && after is not null && SameLabels(before, after) && PodEndpoint.Of(before).LooksLike(PodEndpoint.Of(after)))
        {
            return [];
        }

        var now = after is null ? [] : Selecting(after);
        return before is null || (after is not null && SameLabels(before, after)) ? now : now.Union(Selecting(before));
    }

    /// <summary>The services to be looked at after a node's change: those with pods on a node that came, went, or moved to another zone.</summary>
    public IEnumerable<ObjectKey> AffectedByNode(ObjectChange change) =>
        change.Before is { } before && change.After is { } after && NodeZone.Of(before) == NodeZone.Of(after)
            ? []
            : cache.Kind(Pods).WithField("spec.nodeName", change.Subject.Header.Name).SelectMany(Selecting).Distinct();

    /// <summary>The pods that a service selects.</summary>
    public IEnumerable<KubeObject> PodsOf(KubeObject service)
    {
        var selector = ServiceSelector.Of(service);
        if (!selector.FindsPods)
        {
            return [];
        }

        var (label, value) = selector.Labels[0];
        var candidates = cache.Kind(Pods).WithLabel(label, value, service.Key.Namespace);
        return selector.Labels.Count == 1 ? candidates : candidates.Where(p => selector.Matches(p.Header.Labels));
    }

    private List<ObjectKey> Selecting(KubeObject pod)
    {
        var found = new List<ObjectKey>();
        lock (gate)
        {
            Follow();
            foreach (var (label, value) in pod.Header.Labels)
            {
                if (services.TryGetValue((pod.Key.Namespace, label, value), out var candidates))
                {
                    found.AddRange(candidates.Values.Where(s => ServiceSelector.Of(s).Matches(pod.Header.Labels)).Select(s => s.Key));
                }
            }
        }

        return found;
    }

    private void Follow()
    {
        if (follows)
        {
            return;
        }

        follows = true;
        var kind = cache.Kind(Services);
        kind.Subscribe(change =>
        {
            lock (gate)
            {
                Take(change.Before, change.After);
            }
        });
        foreach (var service in kind.Snapshot.All)
        {
            Take(null, service);
        }
    }

    private void Take(KubeObject? before, KubeObject? after)
    {
        if (before is not null && Place(before) is { } left && services.TryGetValue(left, out var old))
        {
            old.Remove(before.Key);
            if (old.Count == 0)
            {
                services.Remove(left);
            }
        }

        if (after is not null && Place(after) is { } place)
        {
            if (!services.TryGetValue(place, out var all))
            {
                services[place] = all = [];
            }

            all[after.Key] = after;
        }
    }

    private static (string, string, string)? Place(KubeObject service) =>
        ServiceSelector.Of(service) is { FindsPods: true, Labels: var labels } ? (service.Key.Namespace, labels[0].Key, labels[0].Value) : null;

    private static bool SameLabels(KubeObject one, KubeObject other) =>
        ReferenceEquals(one.Header.Labels, other.Header.Labels)
        || (one.Header.Labels.Count == other.Header.Labels.Count && one.Header.Labels.All(l => other.Header.Labels.TryGetValue(l.Key, out var value) && value == l.Value));
}
