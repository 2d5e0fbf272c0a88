namespace GrainKube.Objects.Cache;

/// <summary>Loads the cache before the silo takes its first call, and stops it after the last.</summary>
internal sealed class WatchCacheLifecycle(WatchCache cache) : ILifecycleParticipant<ISiloLifecycle>
{
    public void Participate(ISiloLifecycle lifecycle) => lifecycle.Subscribe(
        nameof(WatchCache),
        ServiceLifecycleStage.RuntimeStorageServices,
        cache.StartAsync,
        async _ => await cache.DisposeAsync());
}
