using GrainKube.Objects.Store;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orleans.Storage;

namespace GrainKube.Objects.GrainStorage;

/// <summary>Registers the grain storage on the store.</summary>
public static class ObjectStoreGrainStorageExtensions
{
    /// <summary>Keeps grain states in the process's <see cref="IObjectStore"/>.</summary>
    /// <param name="name">Name of the provider.</param>
    public static ISiloBuilder AddObjectStoreGrainStorage(this ISiloBuilder silo, string name, Action<ObjectStoreGrainStorageOptions>? configure = null)
    {
        silo.Services.AddObjectStoreGrainStorage(name, configure);
        return silo;
    }

    /// <inheritdoc cref="AddObjectStoreGrainStorage(ISiloBuilder, string, Action{ObjectStoreGrainStorageOptions}?)" />
    public static IServiceCollection AddObjectStoreGrainStorage(this IServiceCollection services, string name, Action<ObjectStoreGrainStorageOptions>? configure = null)
    {
        services.AddOptions<ObjectStoreGrainStorageOptions>(name).Configure(options => configure?.Invoke(options));
        return services.AddKeyedSingleton<IGrainStorage>(name, (provider, _) => new ObjectStoreGrainStorage(
            name,
            provider.GetRequiredService<IObjectStore>(),
            provider.GetRequiredService<IOptionsMonitor<ObjectStoreGrainStorageOptions>>().Get(name)));
    }
}
