using System.Net.Sockets;
using GrainKube.Networking.Proxy.Connections;
using GrainKube.Networking.Proxy.Machine;
using GrainKube.Networking.Tests.Proxy.Lab;
using static GrainKube.Networking.Tests.Proxy.Lab.LabServices;

namespace GrainKube.Networking.Tests.Proxy;

public abstract partial class ProxyConformance
{
    private const string External = "203.0.113.7";
    private const int NodePort = 30080;

    [Fact]
    public async Task With_the_external_policy_Local_outsiders_keep_their_address_and_reach_local_endpoints_only()
    {
        await ApplyAsync(Service(Port(Pod('b'), Remote) with { NodePort = NodePort, LoadBalancerIps = [External], IsExternalLocal = true }));

        for (var i = 0; i < 10; i++)
        {
            Assert.Equal(new Reply("b", NetworkLab.OutsideAddress), await AskAsync(Lab.Outside, NetworkLab.NodeAddress, NodePort));
            Assert.Equal(new Reply("b", NetworkLab.OutsideAddress), await AskAsync(Lab.Outside, External));
        }

        Assert.Equal(["b", "remote"], (await WhoAnswersAsync(Lab.A, External)).Order());
        Assert.Equal(["b", "remote"], (await WhoAnswersAsync(Lab.Node, NetworkLab.NodeAddress, NodePort)).Order());
        Assert.Equal(["b", "remote"], (await WhoAnswersAsync(Lab.A)).Order());
    }

    [Fact]
    public async Task With_the_external_policy_Local_and_no_local_endpoint_outsiders_are_dropped_and_pods_are_served()
    {
        await ApplyAsync(Service(Port(Remote) with { NodePort = NodePort, ExternalIps = [External], IsExternalLocal = true }));

        await IsDroppedAsync(Lab.Outside, External);
        await IsDroppedAsync(Lab.Outside, NetworkLab.NodeAddress, NodePort);
        Assert.Equal("remote", (await AskAsync(Lab.A, External)).Server);
        Assert.Equal("remote", (await AskAsync(Lab.Node, NetworkLab.NodeAddress, NodePort)).Server);
    }

    [Fact]
    public async Task With_the_internal_policy_Local_only_local_endpoints_are_used_and_without_one_packets_are_dropped()
    {
        await ApplyAsync(Service(Port(Pod('b'), Remote) with { IsInternalLocal = true, NodePort = NodePort }));
        Assert.Equal(["b"], await WhoAnswersAsync(Lab.A));
        Assert.Equal(["b", "remote"], (await WhoAnswersAsync(Lab.Outside, NetworkLab.NodeAddress, NodePort)).Order());

        await ChangeAsync(Service(Port(Remote) with { IsInternalLocal = true }));
        await IsDroppedAsync(Lab.A);
    }

    [Fact]
    public async Task What_a_pod_of_another_node_asks_of_a_cluster_address_is_left_to_that_nodes_rules()
    {
        await ApplyAsync(Service(Port(Pod('b')) with { NodePort = NodePort }));

        Assert.Equal("b", (await AskAsync(Lab.A)).Server);
        Assert.Equal("b", (await AskAsync(Lab.Outside, NetworkLab.NodeAddress, NodePort, source: NetworkLab.RemotePod)).Server);
        await Assert.ThrowsAsync<TimeoutException>(() => LabClient.ConnectAsync(Lab.Outside, ProtocolType.Tcp, Ip, 80, NetworkLab.RemotePod, patience: Short));
    }

    [Fact]
    public async Task Outsiders_are_masqueraded_where_the_policy_is_Cluster()
    {
        await ApplyAsync(Service(Port(Remote) with { NodePort = NodePort }));

        Assert.Equal(new Reply("remote", NetworkLab.NodeAddress), await AskAsync(Lab.Outside, NetworkLab.NodeAddress, NodePort));
    }

    [Fact]
    public async Task A_load_balancers_address_is_closed_to_sources_that_are_not_listed()
    {
        var port = Port(Pod('b')) with { NodePort = NodePort, LoadBalancerIps = [External], LoadBalancerSources = ["192.0.2.0/24", "198.51.100.7/32"] };
        await ApplyAsync(Service(port));
        await IsDroppedAsync(Lab.Outside, External);
        Assert.Equal("b", (await AskAsync(Lab.Outside, NetworkLab.NodeAddress, NodePort)).Server);

        await ChangeAsync(Service(port with { LoadBalancerSources = ["198.51.100.0/24"] }));
        Assert.Equal("b", (await AskAsync(Lab.Outside, External)).Server);

        await ChangeAsync(Service(port with { LoadBalancerSources = [] }));
        Assert.Equal("b", (await AskAsync(Lab.Outside, External)).Server);
    }

    [Fact]
    public async Task A_sticky_client_stays_with_its_endpoint_until_that_is_gone_or_stickiness_ends()
    {
        var port = Port(Pod('b'), Pod('c'), Remote) with { AffinitySeconds = 10800, NodePort = NodePort };
        await ApplyAsync(Service(port));
        var first = Assert.Single(await WhoAnswersAsync(Lab.A));
        Assert.Single(await WhoAnswersAsync(Lab.Outside, NetworkLab.NodeAddress, NodePort));

        var rest = port.Cluster.Where(e => e != (first == "remote" ? Remote : Pod(first[0]))).ToArray();
        await ChangeAsync(Service(Port(rest) with { AffinitySeconds = 10800 }));
        Assert.NotEqual(first, Assert.Single(await WhoAnswersAsync(Lab.A)));

        await ChangeAsync(Service(port with { AffinitySeconds = null }));
        Assert.Equal(3, (await WhoAnswersAsync(Lab.A)).Count);

        await ChangeAsync(Service(port));
        Assert.Single(await WhoAnswersAsync(Lab.A));
    }

    [Fact]
    public async Task Stickiness_ends_after_its_timeout()
    {
        await ApplyAsync(Service(Port(Pod('b'), Pod('c')) with { AffinitySeconds = 1 }));
        var seen = new HashSet<string>();
        for (var tries = 0; seen.Count < 2 && tries < 20; tries++)
        {
            seen.Add((await AskAsync(Lab.A)).Server);

            // The kernel's clock cannot be faked.
            await Task.Delay(TimeSpan.FromSeconds(1.2), TimeProvider.System);
        }

        Assert.Equal(2, seen.Count);
    }

    [Fact]
    public async Task A_udp_flow_leaves_an_endpoint_that_is_gone()
    {
        var port = Port(Pod('b')) with { Protocol = "udp", NodePort = NodePort };
        await ApplyAsync(Service(port));
        using var inside = await LabClient.ConnectAsync(Lab.A, ProtocolType.Udp, Ip, 80);
        using var outside = await LabClient.ConnectAsync(Lab.Outside, ProtocolType.Udp, NetworkLab.NodeAddress, NodePort);
        Assert.Equal("b", (await inside.AskAsync()).Server);
        Assert.Equal("b", (await outside.AskAsync()).Server);

        var next = Service(port with { Cluster = [Pod('c')], Local = [Pod('c')] });
        await ChangeAsync(next);
        await new StaleFlows(Lab.Commands).ForgetAsync([next], CancellationToken.None);
        Assert.Equal("c", (await inside.AskAsync()).Server);
        Assert.Equal("c", (await outside.AskAsync()).Server);
    }

    [Fact]
    public async Task A_udp_flow_that_began_before_there_were_rules_finds_its_service()
    {
        await NetworkLab.InAsync(Lab.Outside, "ip", "address", "add", $"{Ip}/32", "dev", "lo");
        Lab.Serve(Lab.Outside, "nobody", ProtocolType.Udp, 80, Ip);
        using var client = await LabClient.ConnectAsync(Lab.A, ProtocolType.Udp, Ip, 80);
        Assert.Equal("nobody", (await client.AskAsync()).Server);

        var service = Service(Port(Pod('b')) with { Protocol = "udp" });
        await ApplyAsync(service);
        await new StaleFlows(Lab.Commands).ForgetAsync([service], CancellationToken.None);
        Assert.Equal("b", (await client.AskAsync()).Server);
    }

    [Fact]
    public async Task An_open_connection_outlives_a_replacement_of_all_rules()
    {
        var service = Service(Port(Pod('b')) with { NodePort = NodePort });
        await ApplyAsync(service);
        using var inside = await LabClient.ConnectAsync(Lab.A, ProtocolType.Tcp, Ip, 80);
        using var outside = await LabClient.ConnectAsync(Lab.Outside, ProtocolType.Tcp, NetworkLab.NodeAddress, NodePort);
        await inside.AskAsync();
        await outside.AskAsync();

        var restarted = Create(Lab.Commands, new("lab", NetworkLab.PodRange, NetworkLab.ClusterRange));
        await restarted.ReplaceAsync([service, Service(Port(Pod('c')) with { Service = new("shop", "more"), ClusterIp = "10.96.0.11" })], [ServiceRange], CancellationToken.None);

        Assert.Equal("b", (await inside.AskAsync()).Server);
        Assert.Equal("b", (await outside.AskAsync()).Server);
        Assert.Equal("c", (await AskAsync(Lab.A, "10.96.0.11")).Server);
    }

    [Fact]
    public async Task A_replacement_forgets_what_is_no_longer_wanted()
    {
        await ApplyAsync(Service(Port(Pod('b'))), Service(Port(Pod('c')) with { Service = new("shop", "more"), ClusterIp = "10.96.0.11", AffinitySeconds = 60 }));
        var restarted = Create(Lab.Commands, new("lab", NetworkLab.PodRange, NetworkLab.ClusterRange));
        await restarted.ReplaceAsync([], [ServiceRange], CancellationToken.None);
        var rules = await Lab.OnNodeAsync("nft", "list ruleset");
        Assert.DoesNotContain(NetworkLab.AddressOf('b'), rules, StringComparison.Ordinal);
        Assert.DoesNotContain(NetworkLab.AddressOf('c'), rules, StringComparison.Ordinal);
        Assert.DoesNotContain("shop", rules, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_services_that_claim_one_address_do_not_disturb_each_other()
    {
        var (first, second) = (Port(Pod('b')) with { ExternalIps = [External] }, Port(Pod('c')) with { Service = new("shop", "zebra"), ClusterIp = "10.96.0.11", ExternalIps = [External] });
        await ApplyAsync(Service(first), Service(second));
        Assert.Equal(["b"], await WhoAnswersAsync(Lab.Outside, External, times: 10));
        Assert.Equal("c", (await AskAsync(Lab.A, "10.96.0.11")).Server);

        await ChangeAsync(Gone());
        Assert.Equal(["c"], await WhoAnswersAsync(Lab.Outside, External, times: 10));
    }

    [Fact]
    public async Task Ports_protocols_and_types_come_and_go()
    {
        var tcp = Port(Pod('b')) with { Name = "tcp" };
        var udp = Port(Pod('c')) with { Name = "udp", Protocol = "udp" };
        await ApplyAsync(Service(tcp));
        await ChangeAsync(Service(tcp, udp, tcp with { Name = "other", Port = 81, NodePort = NodePort, Cluster = [Pod('c')] }));
        Assert.Equal("b", (await AskAsync(Lab.A)).Server);
        Assert.Equal("c", (await AskAsync(Lab.A, protocol: ProtocolType.Udp)).Server);
        Assert.Equal("c", (await AskAsync(Lab.A, port: 81)).Server);
        Assert.Equal("c", (await AskAsync(Lab.Outside, NetworkLab.NodeAddress, NodePort)).Server);

        await ChangeAsync(Service(tcp with { NodePort = NodePort }));
        Assert.Equal("b", (await AskAsync(Lab.Outside, NetworkLab.NodeAddress, NodePort)).Server);

        // To ExternalName, and back with another address.
        await ChangeAsync(Gone());
        await IsRefusedAsync(Lab.Outside, NetworkLab.NodeAddress, NodePort);
        await ChangeAsync(Service(tcp with { ClusterIp = "10.96.0.99" }));
        Assert.Equal("b", (await AskAsync(Lab.A, "10.96.0.99")).Server);
    }

    [Fact]
    public async Task Removal_leaves_nothing_behind_and_foreign_rules_are_never_touched()
    {
        await Lab.OnNodeAsync("iptables", "-t", "nat", "-N", "FOREIGN");
        await Lab.OnNodeAsync("iptables", "-t", "nat", "-A", "PREROUTING", "-d", "203.0.113.99/32", "-j", "FOREIGN");
        await Lab.OnNodeAsync("nft", "add table ip other { chain x { } ; }");
        var before = await RulesAsync();
        await ApplyAsync(Service(Port(Pod('b')) with { NodePort = NodePort, AffinitySeconds = 5 }), Service(Port() with { Service = new("shop", "empty"), ClusterIp = "10.96.0.12" }));
        await ChangeAsync(Service(Port(Pod('c')) with { NodePort = NodePort }));
        Assert.True(await Backend.IsIntactAsync(CancellationToken.None));

        await Backend.RemoveAsync(CancellationToken.None);
        Assert.Equal(before, await RulesAsync());
        Assert.False(await Backend.IsIntactAsync(CancellationToken.None));
        await Backend.RemoveAsync(CancellationToken.None);
    }

    [Fact]
    public async Task Rules_that_somebody_removed_are_missed()
    {
        await ApplyAsync(Service(Port(Pod('b'))));
        await Lab.OnNodeAsync("nft", "flush ruleset");

        Assert.False(await Backend.IsIntactAsync(CancellationToken.None));
    }

    [Fact]
    public async Task Packets_pass_an_engine_that_drops_what_it_does_not_know()
    {
        foreach (var line in new[] { "-N DOCKER-USER", "-A DOCKER-USER -j RETURN", "-A FORWARD -j DOCKER-USER", "-A FORWARD -i pods -o pods -j ACCEPT", "-A FORWARD -i pods ! -o pods -j ACCEPT", "-P FORWARD DROP" })
        {
            await Lab.OnNodeAsync("iptables", line.Split(' '));
        }

        await Lab.OnNodeAsync("iptables", "-A", "FORWARD", "-o", "pods", "-m", "conntrack", "--ctstate", "RELATED,ESTABLISHED", "-j", "ACCEPT");
        var before = await RulesAsync();
        await new ForwardPassage(Lab.Commands, new("lab", "10.250.0.0/24", "10.250.0.0/16")).EnsureAsync(CancellationToken.None); // the node had another range once
        var passage = new ForwardPassage(Lab.Commands, new("lab", NetworkLab.PodRange, NetworkLab.ClusterRange));
        await passage.EnsureAsync(CancellationToken.None);
        await passage.EnsureAsync(CancellationToken.None);
        await ApplyAsync(Service(Port(Pod('b')) with { NodePort = NodePort, IsExternalLocal = true }), Service(Port() with { Service = new("shop", "empty"), ClusterIp = "10.96.0.12" }));

        Assert.Equal(new Reply("b", NetworkLab.OutsideAddress), await AskAsync(Lab.Outside, NetworkLab.NodeAddress, NodePort));
        Assert.Equal("b", (await AskAsync(Lab.A)).Server);
        await IsRefusedAsync(Lab.A, "10.96.0.12");
        await Assert.ThrowsAsync<TimeoutException>(() => LabClient.ConnectAsync(Lab.Outside, ProtocolType.Tcp, NetworkLab.AddressOf('b'), 8080, patience: Short));

        await passage.RemoveAsync(CancellationToken.None);
        await Backend.RemoveAsync(CancellationToken.None);
        Assert.Equal(before, await RulesAsync());
    }

    [Fact]
    public async Task Without_bridged_packets_in_the_rules_pods_reach_their_neighbours_by_way_of_the_node()
    {
        await Lab.OnNodeAsync("sysctl", "-qw", "net.bridge.bridge-nf-call-iptables=0");
        var masquerading = Create(Lab.Commands, new("lab", NetworkLab.PodRange, NetworkLab.ClusterRange, MasqueradeBridged: true));
        await masquerading.ReplaceAsync([Service(Port(Pod('a'), Pod('b')))], [ServiceRange], CancellationToken.None);

        Assert.Equal(["a", "b"], (await WhoAnswersAsync(Lab.A)).Order());
    }

    // iptables makes its own empty tables when it first looks at them.
    private async Task<string> RulesAsync()
    {
        var rules = (await Lab.OnNodeAsync("iptables-save")).Split('\n').Where(l => l.StartsWith('-') || (l.StartsWith(':') && l.Contains(" - ", StringComparison.Ordinal)));
        var tables = (await Lab.OnNodeAsync("nft", "list tables")).Split('\n').Where(l => l is not ("table ip nat" or "table ip filter"));
        return string.Join('\n', rules.Concat(tables).Select(l => l.Split(" [")[0]));
    }
}
