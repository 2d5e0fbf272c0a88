using GrainKube.ApiMachinery.Objects;
using GrainKube.Objects.Cache;

namespace GrainKube.ApiServer.Admission;

/// <summary>Reads from this silo's watch cache.</summary>
internal sealed class CachedObjects(WatchCache cache) : IObjectReader
{
    public KubeObject? Get(ObjectKey key) => cache.Get(key);

    public async ValueTask<KubeObject?> FindAsync(ObjectKey key, CancellationToken cancel)
    {
        if (cache.Get(key) is { } known)
        {
            return known;
        }

        // A client that creates a namespace and then something in it may reach two silos: the second must not refuse because it has not heard yet.
        await cache.WaitUntilCurrentAsync(cancel);
        return cache.Get(key);
    }

    public IEnumerable<KubeObject> With(GroupResource resource, string field, string value) => cache.TryKind(resource)?.WithField(field, value) ?? [];

    public IEnumerable<KubeObject> All(GroupResource resource, string ns = "") => cache.TryKind(resource)?.In(ns) ?? [];
}
