using GrainKube.Objects.Cache;

namespace GrainKube.ApiServer.Health;

/// <summary>The store answers and the watch cache keeps up with it.</summary>
internal sealed class StoreProbe(WatchCache cache) : IHealthProbe
{
    // The name that upstream's clients look for, whatever the store is.
    public string Name => "etcd";

    // A store that is away comes back without us being restarted.
    public bool IsLiveness => false;

    public async ValueTask CheckAsync(CancellationToken cancel) => await cache.WaitUntilCurrentAsync(cancel);
}
