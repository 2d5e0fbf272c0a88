using GrainKube.Networking.Dns.Addresses;
using GrainKube.Networking.Dns.Forwarding;
using GrainKube.Networking.Dns.Objects;
using GrainKube.Networking.Dns.Serving;
using GrainKube.Networking.Dns.Zone;
using GrainKube.Objects.Cache;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace GrainKube.Networking.Dns.Hosting;

/// <summary>Adds the cluster DNS to a silo.</summary>
public static class DnsRegistration
{
    /// <summary>Name of the interface that carries a node's DNS addresses: at most 15 characters, the same for the same node.</summary>
    public static string InterfaceFor(string node) => LocalInterface.NameFor(node);

    /// <summary>The server of this silo's node.</summary>
    public static IServiceCollection AddClusterDns(this IServiceCollection services, Action<DnsOptions> configure)
    {
        services.Configure(configure);
        services.AddSingleton<ZoneTable>();
        services.AddSingleton(provider => new ZoneFeed(
            provider.GetRequiredService<WatchCache>(), provider.GetRequiredService<ZoneTable>(), DomainOf(provider), provider.GetRequiredService<ILogger<ZoneFeed>>()));
        services.AddSingleton(provider => new ClusterZone(provider.GetRequiredService<ZoneTable>(), DomainOf(provider)));
        services.AddSingleton(provider => new ZoneAnswers(provider.GetRequiredService<ClusterZone>(), provider.GetRequiredService<IOptions<DnsOptions>>().Value.TimeToLive));
        services.AddSingleton<UpstreamServers>();
        services.AddSingleton<AnswerCache>();
        services.AddSingleton<Forwarder>();
        services.AddSingleton<LoopProbe>();
        services.AddSingleton<Resolver>();
        services.AddSingleton<ClusterDns>();
        services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>>(provider => provider.GetRequiredService<ClusterDns>());
        return services;
    }

    /// <summary>The Service <c>kube-dns</c> by which clients find the cluster DNS.</summary>
    /// <param name="services">The silo's services.</param>
    /// <param name="address">The cluster DNS' address.</param>
    public static IServiceCollection AddDnsService(this IServiceCollection services, string address)
    {
        services.Configure<DnsServiceOptions>(options => options.Address = address);
        return services.AddReconciler<DnsServiceReconciler>();
    }

    private static string DomainOf(IServiceProvider provider) => provider.GetRequiredService<IOptions<DnsOptions>>().Value.Domain.TrimEnd('.').ToLowerInvariant();
}
