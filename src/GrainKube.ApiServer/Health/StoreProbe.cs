using GrainKube.Objects.Cache;

namespace GrainKube.ApiServer.Health;

/// <summary>The store answers and the watch cache keeps up with it.</summary>
/// <param name="cache">What follows the store.</param>
/// <param name="name">That upstream's clients look for, whatever the store is.</param>
/// <param name="scope">Who asks.</param>
internal sealed class StoreProbe(WatchCache cache, string name, ProbeScope scope) : IHealthProbe
{
    public string Name => name;

    public ProbeScope Scope => scope;

    public static IEnumerable<IHealthProbe> All(WatchCache cache) => [new StoreProbe(cache, "etcd", ProbeScope.Everywhere), new StoreProbe(cache, "etcd-readiness", ProbeScope.Readiness)];

    public async ValueTask CheckAsync(CancellationToken cancel) => await cache.WaitUntilCurrentAsync(cancel);
}
