using GrainKube.ApiMachinery.Objects;
using GrainKube.Objects.Cache;
using k8s.Models;

namespace GrainKube.Controllers.ApiServices;

/// <summary>Which APIServices a service stands behind: asked at every change of every endpoint, so it must not cost anything.</summary>
internal sealed class ServersOfApis(WatchCache cache)
{
    private static readonly GroupResource ApiServices = new("apiregistration.k8s.io", "apiservices");
    private readonly Lock gate = new();
    private volatile ILookup<(string Namespace, string Name), ObjectKey>? known;
    private bool follows;

    public IEnumerable<ObjectKey> BehindService(string ns, string name) => (known ?? Read())[(ns, name)];

    private ILookup<(string Namespace, string Name), ObjectKey> Read()
    {
        lock (gate)
        {
            var kind = cache.Kind(ApiServices);
            if (!follows)
            {
                // Subscribers are called on one task, in order: nothing can change between the picture below and a later call. What this one forgets, its own key finds out.
                kind.Subscribe(_ => known = null);
                follows = true;
            }

            return known = kind.Snapshot.All
                .Select(item => (item.Key, item.As<V1APIService>().Spec.Service))
                .Where(item => item.Service is not null)
                .ToLookup(item => (item.Service.NamespaceProperty, item.Service.Name), item => item.Key);
        }
    }
}
