using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace GrainKube.ApiServer.Bootstrap;

/// <summary>What a cluster starts with.</summary>
public static class BootstrapRegistration
{
    /// <summary>Adds <see cref="Bootstrapper"/>; whoever composes runs it when the silo is up.</summary>
    public static IServiceCollection AddBootstrap(this IServiceCollection services)
    {
        services.TryAddSingleton<Bootstrapper>();
        return services;
    }
}
