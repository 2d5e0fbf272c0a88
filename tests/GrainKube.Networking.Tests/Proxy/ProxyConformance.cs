using System.Net.Sockets;
using GrainKube.Networking.Proxy;
using GrainKube.Networking.Proxy.Machine;
using GrainKube.Networking.Proxy.Services;
using GrainKube.Networking.Tests.Proxy.Lab;
using static GrainKube.Networking.Tests.Proxy.Lab.LabServices;

namespace GrainKube.Networking.Tests.Proxy;

/// <summary>What every backend does with real packets. A backend's test class says only how to make one.</summary>
public abstract partial class ProxyConformance : IAsyncLifetime
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(300);
    private NetworkLab lab = null!;
    private IProxyBackend backend = null!;

    private protected NetworkLab Lab => lab;

    private protected IProxyBackend Backend => backend;

    public async Task InitializeAsync()
    {
        lab = await NetworkLab.StartAsync();
        backend = Create(lab.Commands, new ProxyNode("lab", NetworkLab.PodRange, NetworkLab.ClusterRange));
    }

    public async Task DisposeAsync() => await lab.DisposeAsync();

    private protected abstract IProxyBackend Create(IMachineCommands machine, ProxyNode node);

    private protected Task ApplyAsync(params ProxiedService[] all) => backend.ReplaceAsync(all, [ServiceRange], CancellationToken.None);

    private protected Task ChangeAsync(params ProxiedService[] changed) => backend.UpdateAsync(changed, [ServiceRange], CancellationToken.None);

    private protected static async Task<Reply> AskAsync(NetworkNamespace from, string address = Ip, int port = 80, ProtocolType protocol = ProtocolType.Tcp, string source = "")
    {
        using var client = await LabClient.ConnectAsync(from, protocol, address, port, source);
        return await client.AskAsync();
    }

    /// <summary>The names of those who answer this often.</summary>
    private protected static async Task<HashSet<string>> WhoAnswersAsync(NetworkNamespace from, string address = Ip, int port = 80, int times = 60, ProtocolType protocol = ProtocolType.Tcp)
    {
        var names = new HashSet<string>();
        for (var i = 0; i < times; i++)
        {
            names.Add((await AskAsync(from, address, port, protocol)).Server);
        }

        return names;
    }

    private protected static async Task IsRefusedAsync(NetworkNamespace from, string address = Ip, int port = 80)
    {
        var refused = await Assert.ThrowsAsync<SocketException>(() => AskAsync(from, address, port));
        Assert.Equal(SocketError.ConnectionRefused, refused.SocketErrorCode);
    }

    private protected static Task IsDroppedAsync(NetworkNamespace from, string address = Ip, int port = 80) =>
        Assert.ThrowsAsync<TimeoutException>(() => LabClient.ConnectAsync(from, ProtocolType.Tcp, address, port, patience: Short));

    [Fact]
    public async Task A_cluster_address_leads_from_pods_the_node_and_outside_to_every_endpoint()
    {
        await ApplyAsync(Service(Port(Pod('b'), Pod('c'), Remote)));

        Assert.Equal(["b", "c", "remote"], (await WhoAnswersAsync(Lab.A)).Order());
        Assert.Equal(["b", "c", "remote"], (await WhoAnswersAsync(Lab.Node)).Order());
        Assert.Equal(["b", "c", "remote"], (await WhoAnswersAsync(Lab.Outside)).Order());
    }

    [Fact]
    public async Task A_pod_is_seen_at_its_own_address()
    {
        await ApplyAsync(Service(Port(Pod('b'))));

        Assert.Equal(new Reply("b", NetworkLab.AddressOf('a')), await AskAsync(Lab.A));
    }

    [Fact]
    public async Task Udp_reaches_an_endpoint_and_its_answer_comes_from_the_service()
    {
        await ApplyAsync(Service(Port(Pod('b')) with { Protocol = "udp" }));

        Assert.Equal(new Reply("b", NetworkLab.AddressOf('a')), await AskAsync(Lab.A, protocol: ProtocolType.Udp));
        Assert.Equal("b", (await AskAsync(Lab.Node, protocol: ProtocolType.Udp)).Server);
    }

    [Fact]
    public async Task A_service_without_endpoints_refuses_at_once_and_answers_when_it_has_some()
    {
        await ApplyAsync(Service(Port() with { NodePort = 30080, ExternalIps = ["203.0.113.7"] }));

        await IsRefusedAsync(Lab.A);
        await IsRefusedAsync(Lab.Node);
        await IsRefusedAsync(Lab.Outside);
        await IsRefusedAsync(Lab.Outside, NetworkLab.NodeAddress, 30080);
        await IsRefusedAsync(Lab.Node, "127.0.0.1", 30080);
        await IsRefusedAsync(Lab.Outside, "203.0.113.7");

        await ChangeAsync(Service(Port(Pod('b')) with { NodePort = 30080, ExternalIps = ["203.0.113.7"] }));
        Assert.Equal("b", (await AskAsync(Lab.A)).Server);
        Assert.Equal("b", (await AskAsync(Lab.Outside, NetworkLab.NodeAddress, 30080)).Server);
        Assert.Equal("b", (await AskAsync(Lab.Outside, "203.0.113.7")).Server);

        await ChangeAsync(Service(Port() with { NodePort = 30080, ExternalIps = ["203.0.113.7"] }));
        await IsRefusedAsync(Lab.A);
        await IsRefusedAsync(Lab.Outside, NetworkLab.NodeAddress, 30080);
    }

    [Fact]
    public async Task A_node_port_answers_on_every_address_of_the_node()
    {
        await ApplyAsync(Service(Port(Pod('b')) with { NodePort = 30080 }));
        await new PodBridge(Lab.Commands, NetworkLab.PodRange).PrepareAsync(CancellationToken.None);

        Assert.Equal("b", (await AskAsync(Lab.Outside, NetworkLab.NodeAddress, 30080)).Server);
        Assert.Equal("b", (await AskAsync(Lab.A, NetworkLab.NodeAddress, 30080)).Server);
        Assert.Equal("b", (await AskAsync(Lab.A, "10.244.0.1", 30080)).Server);
        Assert.Equal("b", (await AskAsync(Lab.Node, NetworkLab.NodeAddress, 30080)).Server);
        Assert.Equal("b", (await AskAsync(Lab.Node, "127.0.0.1", 30080)).Server);
    }

    [Fact]
    public async Task Loopback_stays_closed_to_the_pods_that_node_ports_opened_its_route_to()
    {
        Lab.Serve(Lab.Node, "secret", ProtocolType.Tcp, 9999);
        await ApplyAsync(Service(Port(Pod('b')) with { NodePort = 30080 }));
        await new PodBridge(Lab.Commands, NetworkLab.PodRange).PrepareAsync(CancellationToken.None);
        await NetworkLab.InAsync(Lab.A, "ip", "route", "del", "local", "127.0.0.0/8", "table", "local");
        await NetworkLab.InAsync(Lab.A, "ip", "addr", "flush", "dev", "lo");
        await NetworkLab.InAsync(Lab.A, "sysctl", "-qw", "net.ipv4.conf.eth0.route_localnet=1");
        await NetworkLab.InAsync(Lab.A, "ip", "route", "add", "127.0.0.1/32", "via", "10.244.0.1", "src", NetworkLab.AddressOf('a'));

        await IsDroppedAsync(Lab.A, "127.0.0.1", 9999);
    }

    [Fact]
    public async Task A_pod_reaches_itself_through_its_service()
    {
        await ApplyAsync(Service(Port(Pod('a')) with { NodePort = 30080 }));
        await new PodBridge(Lab.Commands, NetworkLab.PodRange).PrepareAsync(CancellationToken.None);

        Assert.Equal("a", (await AskAsync(Lab.A)).Server);
        Assert.Equal("a", (await AskAsync(Lab.A, NetworkLab.NodeAddress, 30080)).Server);
        Assert.Equal("a", (await AskAsync(Lab.A, port: 80)).Server);
    }

    [Fact]
    public async Task An_endpoint_on_the_nodes_own_network_is_reached_from_everywhere()
    {
        await ApplyAsync(Service(Port(new ServiceEndpoint(NetworkLab.NodeAddress, 8080, true)) with { NodePort = 30080 }));

        Assert.Equal("node", (await AskAsync(Lab.A)).Server);
        Assert.Equal("node", (await AskAsync(Lab.Node)).Server);
        Assert.Equal("node", (await AskAsync(Lab.Outside, NetworkLab.NodeAddress, 30080)).Server);
    }
}
