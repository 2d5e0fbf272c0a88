using GrainKube.Networking.Addresses;
using GrainKube.Networking.ApiService;
using GrainKube.Networking.NodeRanges;
using Microsoft.Extensions.DependencyInjection;

namespace GrainKube.Hosting;

/// <summary>Adds what every server needs of addresses, whether it has a node or not.</summary>
internal static class AddressComposition
{
    public static void Add(IServiceCollection services, GrainKubeOptions options, string nodeName, string advertised)
    {
        services.AddServiceAddresses(addresses => addresses.ServiceCidr = options.ServiceCidr);
        services.AddNodeRanges(ranges => ranges.ClusterCidr = options.ClusterCidr);
        services.AddApiService(api =>
        {
            api.NodeName = nodeName;
            api.ServiceAddress = ServiceRange.ApiAddress(options.ServiceCidr);
            api.AdvertisedAddress = advertised;
            api.Port = options.Port;
        });
    }
}
