using System.Net;
using GrainKube.Networking.Dns.Hosting;
using GrainKube.Networking.Proxy.Hosting;

namespace GrainKube.Hosting;

/// <summary>Adds the service proxy, DNS and ingress of this process's node.</summary>
internal static class NetworkComposition
{
    public static void Add(ISiloBuilder silo, GrainKubeOptions options, string nodeName, string advertised)
    {
        // Simulated nodes have no packets.
        var packets = options.Runtime == RuntimeKind.Docker;
        var dns = ServiceRange.DnsAddress(options.ServiceCidr);
        silo.Services.AddDnsService(packets ? dns : "");
        if (packets && !options.NoNode)
        {
            AddProxy(silo, options, nodeName);
            AddDns(silo, options, nodeName, IPAddress.Parse(dns));
        }
    }

    private static void AddProxy(ISiloBuilder silo, GrainKubeOptions options, string nodeName) => silo.AddServiceProxy(proxy =>
    {
        proxy.NodeName = nodeName;
        proxy.Backend = Enum.Parse<ProxyBackendKind>(options.ServiceProxy.ToString());
        proxy.PodCidr = options.PodCidr;
        proxy.ClusterCidr = options.ClusterCidr;
    });

    private static void AddDns(ISiloBuilder silo, GrainKubeOptions options, string nodeName, IPAddress address) => silo.Services.AddClusterDns(dns =>
    {
        dns.Domain = options.ClusterDomain;
        dns.Addresses = [address];
        dns.Interface = DnsRegistration.InterfaceFor(nodeName);
    });
}
