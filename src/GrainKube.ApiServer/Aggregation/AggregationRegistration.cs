using GrainKube.ApiServer.Admission.Webhooks;
using GrainKube.Objects.Aggregation;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace GrainKube.ApiServer.Aggregation;

/// <summary>APIs that other servers have.</summary>
internal static class AggregationRegistration
{
    /// <summary>Other servers are shown the certificate of a <c>FrontProxy</c> of the container, where there is one.</summary>
    public static IServiceCollection AddAggregation(this IServiceCollection services)
    {
        services.TryAddSingleton<ServiceConnector>();
        services.TryAddSingleton<ExtensionApis>();
        services.TryAddSingleton<ExtensionConnections>();
        services.TryAddSingleton<ExtensionProxy>();
        services.TryAddSingleton<ExtensionDiscovery>();
        services.TryAddSingleton<IExtensionProbe, ExtensionProbe>();
        services.TryAddSingleton<IExtensionContents, ExtensionContents>();
        services.TryAddSingleton<IExtensionObjects, ExtensionObjects>();
        return services;
    }
}
