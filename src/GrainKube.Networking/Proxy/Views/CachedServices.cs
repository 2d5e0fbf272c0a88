using GrainKube.ApiMachinery.Objects;
using GrainKube.Networking.Proxy.Services;
using GrainKube.Objects.Cache;
using k8s.Models;

namespace GrainKube.Networking.Proxy.Views;

/// <summary>This silo's watch cache. Only names are remembered here; what an object is, is asked when it matters.</summary>
internal sealed class CachedServices(WatchCache cache, string nodeName) : IServiceView
{
    private const string ZoneLabel = "topology.kubernetes.io/zone";
    private static readonly GroupResource Services = new("", "services");
    private static readonly GroupResource EndpointSlices = new("discovery.k8s.io", "endpointslices");
    private static readonly GroupResource Nodes = new("", "nodes");
    private static readonly GroupResource Cidrs = Addresses.ServiceRanges.Cidrs;
    private readonly Lock gate = new();
    private readonly List<IDisposable> subscriptions = [];
    private readonly Dictionary<ServiceName, HashSet<string>> slices = [];
    private readonly SemaphoreSlim news = new(0, 1);
    private HashSet<ServiceName> changed = [];

    public NodePlace Place => new(nodeName, cache.Kind(Nodes).Get("", nodeName)?.Header.Labels.GetValueOrDefault(ZoneLabel) ?? "");

    // Those that are being deleted, too: their addresses are the cluster's until the object is gone.
    public IReadOnlyList<string> Ranges => AddressRanges.Merge(cache.Kind(Cidrs).Snapshot.All.SelectMany(c => c.As<V1ServiceCIDR>().Spec?.Cidrs ?? []));

    public async Task StartAsync(CancellationToken cancel)
    {
        subscriptions.Add(cache.Kind(Services).Subscribe(change => Note(NameOf(change.Subject))));
        subscriptions.Add(cache.Kind(EndpointSlices).Subscribe(OnSlice));
        subscriptions.Add(cache.Kind(Nodes).Subscribe(OnNode));
        subscriptions.Add(cache.Kind(Cidrs).Subscribe(_ => Wake()));
        await cache.WaitUntilCurrentAsync(cancel);
        foreach (var slice in cache.Kind(EndpointSlices).Snapshot.All)
        {
            Remember(slice);
        }
    }

    public IReadOnlyCollection<ServiceName> All()
    {
        lock (gate)
        {
            return [.. cache.Kind(Services).Snapshot.All.Select(NameOf).Concat(slices.Keys).Distinct()];
        }
    }

    public IReadOnlyCollection<ServiceName> TakeChanged()
    {
        lock (gate)
        {
            var taken = changed;
            changed = [];
            return taken;
        }
    }

    public Task WaitAsync(CancellationToken cancel) => news.WaitAsync(cancel);

    public KubeObject? Service(ServiceName name) => cache.Kind(Services).Get(name.Namespace, name.Name);

    public IEnumerable<KubeObject> Slices(ServiceName name)
    {
        string[] names;
        lock (gate)
        {
            names = slices.TryGetValue(name, out var known) ? [.. known] : [];
        }

        var kind = cache.Kind(EndpointSlices);
        return names.Select(slice => kind.Get(name.Namespace, slice)).OfType<KubeObject>().Where(slice => ServiceOf(slice) == name);
    }

    public void Dispose()
    {
        subscriptions.ForEach(s => s.Dispose());
        news.Dispose();
    }

    private void OnSlice(ObjectChange change)
    {
        if (change.Before is { } before && ServiceOf(before) is { } old)
        {
            if (change.After is null)
            {
                Forget(old, before.Key.Name);
            }

            Note(old);
        }

        if (change.After is { } after && ServiceOf(after) is { } name)
        {
            Remember(after);
            Note(name);
        }
    }

    // A zone decides what hints mean for every service.
    private void OnNode(ObjectChange change)
    {
        if (change.Subject.Key.Name == nodeName && change.Before?.Header.Labels.GetValueOrDefault(ZoneLabel) != change.After?.Header.Labels.GetValueOrDefault(ZoneLabel))
        {
            foreach (var name in All())
            {
                Note(name);
            }
        }
    }

    private void Remember(KubeObject slice)
    {
        if (ServiceOf(slice) is { } name)
        {
            lock (gate)
            {
                if (!slices.TryGetValue(name, out var names))
                {
                    slices[name] = names = [];
                }

                names.Add(slice.Key.Name);
            }
        }
    }

    private void Forget(ServiceName name, string slice)
    {
        lock (gate)
        {
            if (slices.TryGetValue(name, out var names) && names.Remove(slice) && names.Count == 0)
            {
                slices.Remove(name);
            }
        }
    }

    private void Note(ServiceName name)
    {
        lock (gate)
        {
            changed.Add(name);
            Wake();
        }
    }

    private void Wake()
    {
        lock (gate)
        {
            if (news.CurrentCount == 0)
            {
                news.Release();
            }
        }
    }

    private static ServiceName NameOf(KubeObject service) => new(service.Key.Namespace, service.Key.Name);

    private static ServiceName? ServiceOf(KubeObject slice) =>
        slice.Header.Labels.TryGetValue(ServiceReader.ServiceLabel, out var service) && service.Length > 0 ? new ServiceName(slice.Key.Namespace, service) : null;
}
