using GrainKube.ApiMachinery.Definitions;
using GrainKube.ApiMachinery.Schemas.Values;
using GrainKube.ApiServer.CustomResources.Conversion;
using GrainKube.Objects.Cache;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace GrainKube.ApiServer.CustomResources;

/// <summary>Custom resources on a silo.</summary>
public static class CustomResourcesRegistration
{
    /// <summary>
    /// Adds <see cref="CustomResourceFeed"/>, which whoever composes starts when the cache is loaded. <c>x-kubernetes-validations</c> are evaluated by an
    /// <see cref="IValueRulesCompiler"/> of the container.
    /// </summary>
    public static IServiceCollection AddCustomResources(this IServiceCollection services)
    {
        services.TryAddSingleton(provider => new ConversionWebhooks(provider.GetRequiredService<WatchCache>()));
        services.TryAddSingleton<IValueRulesCompiler, CelRulesCompiler>();
        services.TryAddSingleton(provider => new CustomResourceParts(provider.GetServices<IValueRulesCompiler>(), provider.GetRequiredService<ConversionWebhooks>()));
        services.TryAddSingleton(provider => new CustomResourceFeed(
            provider.GetRequiredService<WatchCache>(),
            provider.GetRequiredService<ResourceRegistry>(),
            provider.GetRequiredService<CustomResourceParts>(),
            provider.GetRequiredService<ILogger<CustomResourceFeed>>()));
        return services;
    }
}
