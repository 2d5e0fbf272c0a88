using System.Collections.Concurrent;
using System.Collections.Immutable;
using GrainKube.ApiMachinery.Objects;
using GrainKube.Objects.Cache;

namespace GrainKube.Kubelet.Cluster;

/// <summary>One subscription to the silo's cache for all kubelets in the process: a thousand simulated nodes must not each look at every pod's change.</summary>
internal sealed class NodeDispatch(WatchCache cache) : IDisposable
{
    private readonly ConcurrentDictionary<string, Action<KubeObject>> pods = new(StringComparer.Ordinal);
    private readonly Lock gate = new();
    private ImmutableArray<Action<ObjectKey>> sources = [];
    private Func<KubeObject, string>? nodeName;
    private IDisposable[]? subscriptions;

    /// <param name="node">The node whose pods are wanted.</param>
    /// <param name="onPod">Gets the newest version of each pod of the node that changed.</param>
    /// <param name="onSource">Gets the keys of ConfigMaps, Secrets, claims and trust bundles that changed; null where the node does not care.</param>
    public IDisposable Subscribe(string node, Action<KubeObject> onPod, Action<ObjectKey>? onSource)
    {
        Listen();
        pods[node] = onPod;
        if (onSource is not null)
        {
            ImmutableInterlocked.Update(ref sources, static (all, one) => all.Add(one), onSource);
        }

        return new Registration(this, node, onPod, onSource);
    }

    public void Dispose()
    {
        lock (gate)
        {
            foreach (var subscription in subscriptions ?? [])
            {
                subscription.Dispose();
            }

            subscriptions = [];
        }
    }

    private void Listen()
    {
        lock (gate)
        {
            if (subscriptions is not null)
            {
                return;
            }

            var kind = cache.Kind(Keys.Pods);
            nodeName = kind.Definition.SelectableFields["spec.nodeName"];
            subscriptions =
            [
                kind.Subscribe(OnPod),
                cache.Kind(Keys.ConfigMaps).Subscribe(OnSource),
                cache.Kind(Keys.Secrets).Subscribe(OnSource),
                cache.Kind(Keys.Claims).Subscribe(OnSource),
                cache.Kind(Keys.TrustBundles).Subscribe(OnSource),
            ];
        }
    }

    private void OnPod(ObjectChange change)
    {
        var subject = change.Subject;
        if (pods.TryGetValue(nodeName!(subject), out var handler))
        {
            handler(subject);
        }
    }

    private void OnSource(ObjectChange change)
    {
        foreach (var handler in sources)
        {
            handler(change.Subject.Key);
        }
    }

    private sealed class Registration(NodeDispatch owner, string node, Action<KubeObject> onPod, Action<ObjectKey>? onSource) : IDisposable
    {
        public void Dispose()
        {
            owner.pods.TryRemove(KeyValuePair.Create(node, onPod));
            if (onSource is not null)
            {
                ImmutableInterlocked.Update(ref owner.sources, static (all, one) => all.Remove(one), onSource);
            }
        }
    }
}
