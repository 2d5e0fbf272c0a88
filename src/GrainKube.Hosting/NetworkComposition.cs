using GrainKube.Networking.Proxy.Hosting;

namespace GrainKube.Hosting;

/// <summary>Adds service addresses, the service proxy, DNS and ingress of this process's node.</summary>
internal static class NetworkComposition
{
    public static void Add(ISiloBuilder silo, GrainKubeOptions options, string nodeName, string advertised)
    {
        // Simulated nodes have no packets.
        if (options.Runtime == RuntimeKind.Docker && !options.NoNode)
        {
            silo.AddServiceProxy(proxy =>
            {
                proxy.NodeName = nodeName;
                proxy.Backend = Enum.Parse<ProxyBackendKind>(options.ServiceProxy.ToString());
                proxy.PodCidr = options.PodCidr;
                proxy.ClusterCidr = options.ClusterCidr;
            });
        }
    }
}
