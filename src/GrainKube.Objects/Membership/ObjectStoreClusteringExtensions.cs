using GrainKube.Objects.Store;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Messaging;

namespace GrainKube.Objects.Membership;

/// <summary>Registers the membership table on the store.</summary>
public static class ObjectStoreClusteringExtensions
{
    /// <summary>Silos that share the <see cref="IObjectStore"/> form a cluster.</summary>
    public static ISiloBuilder UseObjectStoreClustering(this ISiloBuilder silo)
    {
        silo.Services.AddObjectStoreMembershipTable();
        return silo;
    }

    /// <summary>The client finds the silos through the <see cref="IObjectStore"/> that they share.</summary>
    public static IClientBuilder UseObjectStoreClustering(this IClientBuilder client)
    {
        client.Services.AddObjectStoreMembershipTable().AddSingleton<IGatewayListProvider, ObjectStoreGatewayListProvider>();
        return client;
    }

    /// <summary>The table alone.</summary>
    public static IServiceCollection AddObjectStoreMembershipTable(this IServiceCollection services) => services.AddSingleton<IMembershipTable, ObjectStoreMembershipTable>();
}
