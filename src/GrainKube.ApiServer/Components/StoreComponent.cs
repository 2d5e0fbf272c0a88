using GrainKube.ApiServer.Health;
using GrainKube.Objects.Cache;

namespace GrainKube.ApiServer.Components;

/// <summary>The store, whatever it is; clients know it by the name of upstream's.</summary>
internal sealed class StoreComponent(WatchCache cache) : IComponentProbe
{
    private readonly StoreProbe probe = new(cache, "etcd", ProbeScope.Everywhere);

    public string Name => "etcd-0";

    public ValueTask CheckAsync(CancellationToken cancel) => probe.CheckAsync(cancel);
}
