using GrainKube.Objects.Writes.Parts;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace GrainKube.Networking.Addresses;

/// <summary>Registers the allocation of service addresses.</summary>
public static class ServiceAddressRegistration
{
    /// <summary>Services get addresses and node ports in their own transactions; every silo that hosts object grains needs it.</summary>
    public static IServiceCollection AddServiceAddresses(this IServiceCollection services, Action<ServiceAddressOptions>? configure = null)
    {
        services.AddOptions<ServiceAddressOptions>().Configure(options => configure?.Invoke(options));
        services.TryAddSingleton<ServiceRanges>();
        services.TryAddSingleton<NodePorts>();
        services.TryAddSingleton<DefaultServiceCidr>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<ITransactionPart, ServiceAddressPart>());
        return services.AddReconciler<ServiceCidrReconciler>().AddReconciler<ServiceAddressRepair>();
    }
}
