using System.Net;
using ARSoft.Tools.Net;
using ARSoft.Tools.Net.Dns;
using GrainKube.Networking.Dns.Forwarding;
using GrainKube.Networking.Dns.Hosting;
using GrainKube.Networking.Dns.Serving;
using GrainKube.Networking.Dns.Zone;
using k8s.Models;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using DnsRecordType = ARSoft.Tools.Net.Dns.RecordType;

namespace GrainKube.Networking.Tests.Dns;

/// <summary>A DNS server on a free loopback port with a table that the test fills, and a client of somebody else's making.</summary>
internal sealed class DnsBench : IAsyncDisposable
{
    private readonly DnsListener listener;
    private readonly DnsClient udp;
    private readonly DnsClient tcp;

    public DnsBench(params IPEndPoint[] upstreams)
    {
        var options = Options.Create(new DnsOptions { Upstreams = upstreams, ResolverFile = "/nonexistent", Addresses = [IPAddress.Loopback] });
        Zone = new ClusterZone(Table, "cluster.local");
        var servers = new UpstreamServers(options, TimeProvider.System);
        Loop = new LoopProbe(servers, NullLogger<LoopProbe>.Instance);
        Forwarder = new Forwarder(servers, new AnswerCache(), TimeProvider.System);
        Resolver = new Resolver(Zone, new ZoneAnswers(Zone, 5), Forwarder, Loop);
        listener = new DnsListener(new IPEndPoint(IPAddress.Loopback, 0), Resolver, TimeProvider.System, NullLogger.Instance);
        udp = new DnsClient([IPAddress.Loopback], [new UdpClientTransport(listener.Endpoint.Port), new TcpClientTransport(listener.Endpoint.Port)], true, 30_000);
        tcp = new DnsClient([IPAddress.Loopback], [new TcpClientTransport(listener.Endpoint.Port)], true, 30_000);
        Table.SetNamespace("default", true);
    }

    public ZoneTable Table { get; } = new();

    public ClusterZone Zone { get; }

    public Resolver Resolver { get; }

    public Forwarder Forwarder { get; }

    public LoopProbe Loop { get; }

    public IPEndPoint Endpoint => listener.Endpoint;

    /// <summary>Adds a service with an address of its own.</summary>
    public void Service(string name, string address, params V1ServicePort[] ports) =>
        Set(new V1Service { Metadata = Meta(name), Spec = new V1ServiceSpec { ClusterIP = address, ClusterIPs = [address], Ports = ports } });

    public void Alias(string name, string target) =>
        Set(new V1Service { Metadata = Meta(name), Spec = new V1ServiceSpec { Type = "ExternalName", ExternalName = target } });

    public void Headless(string name, IList<Discoveryv1EndpointPort> ports, params V1Endpoint[] endpoints) => Set(
        new V1Service { Metadata = Meta(name), Spec = new V1ServiceSpec { ClusterIP = "None", ClusterIPs = ["None"] } },
        new V1EndpointSlice { Metadata = Meta(name + "-1"), AddressType = "IPv4", Endpoints = endpoints, Ports = ports });

    /// <summary>What the server says, by UDP.</summary>
    public Task<DnsMessage> AskAsync(string name, DnsRecordType type = DnsRecordType.A, DnsQueryOptions? options = null) => AskAsync(udp, name, type, options);

    public Task<DnsMessage> AskByTcpAsync(string name, DnsRecordType type = DnsRecordType.A) => AskAsync(tcp, name, type, null);

    /// <summary>The addresses of a name, in order.</summary>
    public async Task<string[]> AddressesAsync(string name) =>
        [.. (await AskAsync(name)).AnswerRecords.OfType<ARecord>().Select(a => a.Address.ToString()).Order(StringComparer.Ordinal)];

    public async ValueTask DisposeAsync()
    {
        ((IDisposable)udp).Dispose();
        ((IDisposable)tcp).Dispose();
        await listener.DisposeAsync();
    }

    private static async Task<DnsMessage> AskAsync(DnsClient client, string name, DnsRecordType type, DnsQueryOptions? options) =>
        await client.ResolveAsync(DomainName.Parse(name), type, RecordClass.INet, options) ?? throw new TimeoutException($"No answer about {name}");

    private void Set(V1Service service, params V1EndpointSlice[] slices) =>
        Table.Set($"{service.Metadata.Name}.default", ServiceEntries.Of(service, slices, "cluster.local"));

    private static V1ObjectMeta Meta(string name) => new() { Name = name, NamespaceProperty = "default" };
}
