namespace GrainKube.Networking.Proxy.Hosting;

/// <summary>The service proxy of this process's node.</summary>
public sealed class ServiceProxyOptions
{
    /// <summary>Name of the node; what the proxy makes on the machine is named after it. Required.</summary>
    public string NodeName { get; set; } = "";

    /// <summary>By what services are carried. Default: what the machine has.</summary>
    public ProxyBackendKind Backend { get; set; }

    /// <summary>Range of the node's pods where its Node has no <c>spec.podCIDR</c>. Required.</summary>
    public string PodCidr { get; set; } = "";

    /// <summary>Range of all pods: what comes from elsewhere is masqueraded on its way to a service. Required.</summary>
    public string ClusterCidr { get; set; } = "";
}
