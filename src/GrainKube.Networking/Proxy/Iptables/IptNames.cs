using System.Security.Cryptography;
using System.Text;
using GrainKube.Networking.Proxy.Services;

namespace GrainKube.Networking.Proxy.Iptables;

/// <summary>Names of our chains; a chain's name has 28 characters, so they are digests. Rules carry the service in a comment.</summary>
internal sealed class IptNames(string node)
{
    /// <summary>What every chain of the node begins with.</summary>
    public string Prefix { get; } = "GK" + Digest(node)[..6] + "-";

    /// <summary>nat: addresses of services.</summary>
    public string Services => Prefix + "SERVICES";

    /// <summary>nat: where a packet begins: <see cref="Services"/>, then <see cref="NodePorts"/>.</summary>
    public string Entry => Prefix + "ENTRY";

    /// <summary>nat: node ports.</summary>
    public string NodePorts => Prefix + "NODEPORTS";

    /// <summary>nat: who is masqueraded on the way out.</summary>
    public string Leave => Prefix + "LEAVE";

    /// <summary>nat: pods that reach themselves.</summary>
    public string Hairpins => Prefix + "HAIRPINS";

    /// <summary>nat: marks what does not come from a pod.</summary>
    public string Outside => Prefix + "OUTSIDE";

    /// <summary>filter: addresses without endpoints.</summary>
    public string Dead => Prefix + "DEAD";

    /// <summary>filter: <see cref="Dead"/>, and loopback's guard.</summary>
    public string Input => Prefix + "INPUT";

    /// <summary>A chain of one port.</summary>
    public string Of(string kind, ServicePort port, string more = "") =>
        $"{Prefix}{kind}-{Digest($"{port.Service}/{port.Protocol}/{port.Name}/{port.Port}/{more}")[..12]}";

    private static string Digest(string text) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
