using GrainKube.ApiMachinery.Objects;
using GrainKube.Objects.Cache;
using k8s.Models;

namespace GrainKube.Networking.Ingress.Routing;

/// <summary>Reads from this silo's watch cache, and notes what was asked for: a change of anything else cannot matter.</summary>
internal sealed class CachedWorld(WatchCache cache) : IIngressWorld
{
    public static readonly GroupResource Ingresses = new("networking.k8s.io", "ingresses");
    public static readonly GroupResource Classes = new("networking.k8s.io", "ingressclasses");
    public static readonly GroupResource Services = new("", "services");
    public static readonly GroupResource SliceKind = new("discovery.k8s.io", "endpointslices");
    public static readonly GroupResource Secrets = new("", "secrets");
    private const string ServiceLabel = "kubernetes.io/service-name";
    private readonly Lazy<Dictionary<(string Namespace, string Service), List<KubeObject>>> slices = new(() => cache.Kind(SliceKind).Snapshot.All
        .Where(s => s.Header.Labels.ContainsKey(ServiceLabel))
        .GroupBy(s => (s.Key.Namespace, s.Header.Labels[ServiceLabel]))
        .ToDictionary(g => g.Key, g => g.ToList()));

    /// <summary>Services (by their key) and Secrets that were asked for.</summary>
    public HashSet<ObjectKey> Asked { get; } = [];

    public static IEnumerable<V1Ingress> All(WatchCache cache) => cache.Kind(Ingresses).Snapshot.All.Select(i => i.As<V1Ingress>());

    /// <summary>What an object of these kinds counts as: a slice as its service.</summary>
    public static ObjectKey SubjectOf(KubeObject item) => item.Key.GroupResource == SliceKind
        ? new ObjectKey("", "services", item.Key.Namespace, item.Header.Labels.GetValueOrDefault(ServiceLabel, ""))
        : item.Key;

    public V1IngressClass? Class(string name) => cache.Kind(Classes).Get("", name)?.As<V1IngressClass>();

    public V1Service? Service(string ns, string name) => Get<V1Service>(Services, ns, name);

    public IEnumerable<V1EndpointSlice> Slices(string ns, string service) => slices.Value.GetValueOrDefault((ns, service), []).Select(s => s.As<V1EndpointSlice>());

    public V1Secret? Secret(string ns, string name) => Get<V1Secret>(Secrets, ns, name);

    private T? Get<T>(GroupResource kind, string ns, string name) where T : class
    {
        Asked.Add(new ObjectKey(kind.Group, kind.Resource, ns, name));
        return cache.Kind(kind).Get(ns, name)?.As<T>();
    }
}
