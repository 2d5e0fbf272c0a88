namespace GrainKube.Hosting;

/// <summary>What carries packets to services on a node.</summary>
public enum ServiceProxyKind
{
    /// <summary>nftables where the host has it, otherwise iptables.</summary>
    Auto,

    Nftables,

    Iptables,

    /// <summary>Nothing: somebody else does it, or nobody needs it.</summary>
    None,
}
