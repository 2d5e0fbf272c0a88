using System.Net;
using System.Net.Sockets;
using ARSoft.Tools.Net.Dns;
using GrainKube.Networking.Dns.Forwarding;

namespace GrainKube.Networking.Tests.Dns.Serving;

public sealed class ForwardingTests
{
    [Fact]
    public async Task Other_names_are_asked_of_the_hosts_servers_once_while_the_answer_is_good()
    {
        await using var relay = await UpstreamRelay.StartAsync("example.com");
        await using var dns = new DnsBench(relay.Endpoint);

        var first = await dns.AskAsync("WWW.example.com");
        var second = await dns.AskByTcpAsync("www.EXAMPLE.com");

        Assert.Equal("192.0.2.1", Assert.IsType<ARecord>(Assert.Single(first.AnswerRecords)).Address.ToString());
        Assert.Equal("WWW.example.com.", first.Questions[0].Name.ToString());
        Assert.Equal("www.EXAMPLE.com.", second.Questions[0].Name.ToString());
        Assert.False(second.IsAuthoritiveAnswer);
        Assert.Equal(1, relay.Asked);
    }

    [Fact]
    public async Task An_alias_to_the_outside_is_followed_there()
    {
        await using var relay = await UpstreamRelay.StartAsync("example.com");
        await using var dns = new DnsBench(relay.Endpoint);
        dns.Alias("far", "www.example.com");

        var answer = await dns.AskAsync("far.default.svc.cluster.local");

        Assert.Equal("www.example.com.", Assert.IsType<CNameRecord>(answer.AnswerRecords[0]).CanonicalName.ToString());
        Assert.Equal("192.0.2.1", Assert.IsType<ARecord>(answer.AnswerRecords[1]).Address.ToString());
    }

    [Fact]
    public async Task Without_servers_the_outside_fails_and_the_inside_does_not()
    {
        await using var dns = new DnsBench();
        dns.Service("web", "10.96.0.20");

        Assert.Equal(ReturnCode.ServerFailure, (await dns.AskAsync("example.com")).ReturnCode);
        Assert.Equal(["10.96.0.20"], await dns.AddressesAsync("web.default.svc.cluster.local"));
    }

    [Fact]
    public async Task A_dead_server_is_passed_over()
    {
        await using var relay = await UpstreamRelay.StartAsync("example.com");
        await using var dns = new DnsBench(new IPEndPoint(IPAddress.Loopback, FreePort()), relay.Endpoint);

        Assert.Equal(["192.0.2.1"], await dns.AddressesAsync("www.example.com"));
    }

    [Fact]
    public async Task Servers_that_ask_us_are_not_asked_again()
    {
        await using var relay = await UpstreamRelay.StartAsync("example.com");
        await using var dns = new DnsBench(relay.Endpoint);
        relay.PassOnTo = dns.Endpoint;

        await dns.Loop.RunAsync(dns.Forwarder);

        Assert.Equal(ReturnCode.ServerFailure, (await dns.AskAsync("example.org")).ReturnCode);
    }

    [Fact]
    public void A_resolver_file_names_servers_and_ours_are_left_out() => Assert.Equal(
        [new IPEndPoint(IPAddress.Parse("9.9.9.9"), 53)],
        ResolverConfig.ServersOf("# comment\nsearch a b\nnameserver 10.96.0.10\nnameserver\t9.9.9.9 \nnameserver nonsense\noptions ndots:1\n", [IPAddress.Parse("10.96.0.10")]));

    private static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
