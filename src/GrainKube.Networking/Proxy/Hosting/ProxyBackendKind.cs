namespace GrainKube.Networking.Proxy.Hosting;

/// <summary>By what services are carried.</summary>
public enum ProxyBackendKind
{
    /// <summary>nftables where the machine has it, otherwise iptables.</summary>
    Auto,

    Nftables,

    Iptables,

    /// <summary>Nothing; rules that an earlier run left are removed.</summary>
    None,
}
