using System.Collections.Immutable;
using GrainKube.Networking.Proxy.Services;

namespace GrainKube.Networking.Tests.Proxy.Lab;

/// <summary>Services of the lab.</summary>
internal static class LabServices
{
    public const string Ip = "10.96.0.10";

    /// <summary>What services take addresses from.</summary>
    public const string ServiceRange = "10.96.0.0/16";

    /// <summary>A port 80 of the protocol on <see cref="Ip"/>, to be narrowed by <c>with</c>.</summary>
    public static ServicePort Port(params ServiceEndpoint[] endpoints) => new()
    {
        Service = new ServiceName("shop", "web"),
        Name = "",
        Protocol = "tcp",
        ClusterIp = Ip,
        Port = 80,
        Cluster = [.. endpoints],
        Local = [.. endpoints.Where(e => e.IsLocal)],
        HasEndpoints = endpoints.Length > 0,
    };

    /// <summary>A pod of the lab's node on port 8080.</summary>
    public static ServiceEndpoint Pod(char name) => new(NetworkLab.AddressOf(name), 8080, true);

    /// <summary>The pod on the other node.</summary>
    public static ServiceEndpoint Remote => new(NetworkLab.RemotePod, 8080, false);

    public static ProxiedService Service(params ServicePort[] ports) => new(ports[0].Service, [.. ports]);

    public static ProxiedService Gone(string ns = "shop", string name = "web") => new(new ServiceName(ns, name), ImmutableArray<ServicePort>.Empty);
}
