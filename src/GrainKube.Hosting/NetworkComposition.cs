using System.Net;
using GrainKube.Networking.Dns.Hosting;

namespace GrainKube.Hosting;

/// <summary>Adds service addresses, the service proxy, DNS and ingress of this process's node.</summary>
internal static class NetworkComposition
{
    public static void Add(ISiloBuilder silo, GrainKubeOptions options, string nodeName, string advertised)
    {
        AddDns(silo, options, nodeName);
    }

    private static void AddDns(ISiloBuilder silo, GrainKubeOptions options, string nodeName)
    {
        var address = ServiceRange.DnsAddress(options.ServiceCidr);
        silo.Services.AddDnsService(options.Runtime == RuntimeKind.Docker ? address : "");
        if (options.Runtime == RuntimeKind.Docker && !options.NoNode)
        {
            silo.Services.AddClusterDns(dns =>
            {
                dns.Domain = options.ClusterDomain;
                dns.Addresses = [IPAddress.Parse(address)];
                dns.Interface = DnsRegistration.InterfaceFor(nodeName);
            });
        }
    }
}
