using GrainKube.Objects.Store;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace GrainKube.Etcd.Hosting;

/// <summary>Registers the etcd store.</summary>
public static class EtcdStoreExtensions
{
    /// <summary>Makes etcd the process's <see cref="IObjectStore"/>.</summary>
    public static IServiceCollection AddEtcdStore(this IServiceCollection services, Action<EtcdOptions> configure)
    {
        services.AddOptions<EtcdOptions>().Configure(configure)
            .Validate(o => HasEndpoints(o.Endpoints), "EtcdOptions.Endpoints must be one or more http:// or https:// URLs, separated by commas.")
            .Validate(o => o.CertificateFile is null == o.KeyFile is null, "EtcdOptions.CertificateFile and KeyFile belong together.")
            .Validate(o => o.RequestTimeout > TimeSpan.Zero, "EtcdOptions.RequestTimeout must be positive.")
            .Validate(o => o.HistoryRetention > TimeSpan.Zero && o.HistoryLimit > 0, "EtcdOptions.HistoryRetention and HistoryLimit must be positive.")
            .ValidateOnStart();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IObjectStore>(provider => new EtcdObjectStore(
            provider.GetRequiredService<IOptions<EtcdOptions>>().Value,
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<EtcdObjectStore>>()));
        return services;
    }

    private static bool HasEndpoints(string endpoints)
    {
        var parts = endpoints.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return parts.Length > 0 && parts.All(part => Uri.TryCreate(part, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https");
    }
}
