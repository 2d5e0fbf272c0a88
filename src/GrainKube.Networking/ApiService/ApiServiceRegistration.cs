using GrainKube.Networking.Addresses;
using GrainKube.Objects.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace GrainKube.Networking.ApiService;

/// <summary>Registers the Service <c>kubernetes</c>.</summary>
public static class ApiServiceRegistration
{
    /// <summary>Needs <see cref="ServiceAddressRegistration.AddServiceAddresses"/>. Whoever composes calls <see cref="ApiServiceSetup"/> when the silo is up and when the gateway listens.</summary>
    public static IServiceCollection AddApiService(this IServiceCollection services, Action<ApiServiceOptions>? configure = null)
    {
        services.AddOptions<ApiServiceOptions>().Configure(options => configure?.Invoke(options));
        services.TryAddSingleton(provider => new ApiServiceSetup(
            provider.GetRequiredService<DefaultServiceCidr>(),
            provider.GetRequiredService<IOptions<ApiServiceOptions>>(),
            provider.GetRequiredService<ObjectClientFactory>(),
            provider.GetRequiredService<ILocalSiloDetails>(),
            provider.GetRequiredService<TimeProvider>()));
        return services.AddReconciler<ApiServiceReconciler>();
    }
}
