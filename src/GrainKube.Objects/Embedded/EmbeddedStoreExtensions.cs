using GrainKube.Objects.Store;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace GrainKube.Objects.Embedded;

/// <summary>Registers the embedded store.</summary>
public static class EmbeddedStoreExtensions
{
    /// <summary>Makes the embedded store the process's <see cref="IObjectStore"/>. It opens when it is first resolved.</summary>
    public static IServiceCollection AddEmbeddedStore(this IServiceCollection services, Action<EmbeddedStoreOptions> configure)
    {
        services.AddOptions<EmbeddedStoreOptions>().Configure(configure)
            .Validate(o => o.Ephemeral || !string.IsNullOrWhiteSpace(o.Path), "EmbeddedStoreOptions.Path is required.")
            .Validate(o => o.HistoryRetention > TimeSpan.Zero, "EmbeddedStoreOptions.HistoryRetention must be positive.")
            .Validate(o => o.HistoryLimit > 0, "EmbeddedStoreOptions.HistoryLimit must be positive.")
            .Validate(o => o.TransactionLimit > 0, "EmbeddedStoreOptions.TransactionLimit must be positive.")
            .ValidateOnStart();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IObjectStore>(provider => new EmbeddedObjectStore(
            provider.GetRequiredService<IOptions<EmbeddedStoreOptions>>().Value,
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<EmbeddedObjectStore>>()));
        return services;
    }
}
