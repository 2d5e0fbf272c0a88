using GrainKube.Objects.Cache;

namespace GrainKube.ApiServer.Components;

/// <summary>The store, whatever it is; clients know it by the name of upstream's.</summary>
internal sealed class StoreComponent(WatchCache cache) : IComponentProbe
{
    public string Name => "etcd-0";

    public ValueTask CheckAsync(CancellationToken cancel) => new(cache.WaitUntilCurrentAsync(cancel));
}
