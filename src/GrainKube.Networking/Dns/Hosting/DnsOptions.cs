using System.Net;

namespace GrainKube.Networking.Dns.Hosting;

/// <summary>The cluster DNS of this node.</summary>
public sealed class DnsOptions
{
    /// <summary>Domain of the cluster. Default: <c>cluster.local</c>.</summary>
    public string Domain { get; set; } = "cluster.local";

    /// <summary>Addresses it answers on. They are made local on an interface of ours unless <see cref="Interface"/> is empty.</summary>
    public IReadOnlyList<IPAddress> Addresses { get; set; } = [];

    /// <summary>Port it answers on. Default: 53; 0 takes a free one (tests).</summary>
    public int Port { get; set; } = 53;

    /// <summary>Name of the interface that carries the addresses, at most 15 characters. Empty where the addresses are local already.</summary>
    public string Interface { get; set; } = "";

    /// <summary>Seconds that an answer about the cluster is good for. Default: 5, as CoreDNS.</summary>
    public uint TimeToLive { get; set; } = 5;

    /// <summary>File that names the servers for everything else. Default: <c>/etc/resolv.conf</c>.</summary>
    public string ResolverFile { get; set; } = "/etc/resolv.conf";

    /// <summary>Servers for everything else, in place of those of <see cref="ResolverFile"/>.</summary>
    public IReadOnlyList<IPEndPoint> Upstreams { get; set; } = [];
}
