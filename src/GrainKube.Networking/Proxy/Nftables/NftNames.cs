using System.Security.Cryptography;
using System.Text;
using GrainKube.Networking.Proxy.Services;

namespace GrainKube.Networking.Proxy.Nftables;

/// <summary>Names within the table.</summary>
internal static class NftNames
{
    public const string ServiceAddresses = "service-addresses";
    public const string ServiceNodePorts = "service-node-ports";
    public const string DeadAddresses = "dead-addresses";
    public const string DeadNodePorts = "dead-node-ports";
    public const string Firewalled = "firewalled-addresses";
    public const string ClusterAddresses = "cluster-addresses";
    public const string Hairpins = "hairpins";
    public const string Pods = "pods";
    public const string Unallocated = "unallocated";
    public const string Refuse = "refuse";
    public const string Services = "services";

    /// <summary>The table of a node.</summary>
    public static string Table(string node) => $"grainkube-{node}";

    /// <summary>A chain or set of one port: readable, and unique although names are cut to what the kernel takes.</summary>
    public static string Of(string prefix, ServicePort port, string more = "")
    {
        var readable = $"{port.Service}/{port.Protocol}/{(port.Name.Length > 0 ? port.Name : port.Port)}{(more.Length > 0 ? "/" + more : "")}";
        return $"{prefix}-{Hash(readable)}-{(readable.Length > 80 ? readable[..80] : readable)}";
    }

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 6));
}
