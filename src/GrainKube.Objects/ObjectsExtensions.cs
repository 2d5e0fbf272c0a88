using GrainKube.Objects.Cache;
using GrainKube.Objects.Client;
using GrainKube.Objects.Placement;
using GrainKube.Objects.Writes;
using GrainKube.Objects.Writes.Outside;
using GrainKube.Objects.Writes.Parts;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Orleans.Configuration;
using Orleans.Runtime.MembershipService.SiloMetadata;

namespace GrainKube.Objects;

/// <summary>Registers object grains, watch cache and clients on a silo.</summary>
public static class ObjectsExtensions
{
    /// <summary>
    /// Adds everything of this project but the store. Needs a <see cref="ApiMachinery.Definitions.ResourceRegistry"/> and an <see cref="Store.IObjectStore"/>; admission plugins
    /// are taken from the container in the order of their registration.
    /// </summary>
    public static ISiloBuilder AddObjects(this ISiloBuilder silo)
    {
        silo.Services.AddObjects();
        return silo;
    }

    /// <inheritdoc cref="AddObjects(ISiloBuilder)"/>
    public static IServiceCollection AddObjects(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<WatchCache>();
        services.TryAddSingleton<WriteRoute>();
        services.TryAddSingleton<ObjectClientFactory>();
        services.TryAddSingleton<Admissions>();
        services.TryAddSingleton<TransactionParts>();
        services.TryAddSingleton<WritePipeline>();
        services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>, WatchCacheLifecycle>();
        services.TryAddSingleton(provider => new ServerSilos(provider.GetService<ISiloMetadataCache>()));
        services.AddPlacementDirector<PreferLocalServerPlacement, PreferLocalServerDirector>();
        services.AddPlacementDirector<NodePlacement, NodePlacementDirector>();

        // Pods come and go under ever-new keys: what remembers them must forget them.
        services.Configure<GrainDirectoryOptions>(options => options.CacheSize = 50_000);
        return services;
    }
}
