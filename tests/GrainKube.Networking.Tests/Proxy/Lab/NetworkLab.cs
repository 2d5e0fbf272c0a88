using System.Globalization;
using System.Net;
using System.Net.Sockets;
using GrainKube.Networking.Proxy.Machine;

namespace GrainKube.Networking.Tests.Proxy.Lab;

/// <summary>
/// A node with a bridge of pods, another node's pods, and a client outside, each in a network namespace of its own on this machine, which is left as it was.
/// <code>
/// outside 198.51.100.2 ──── 198.51.100.1 node 10.244.0.1 ═══ bridge ═══ pods a 10.244.0.2, b 10.244.0.3, c 10.244.0.4
///  └ 10.244.1.5: "remote", a pod of another node
/// </code>
/// </summary>
internal sealed class NetworkLab : IAsyncDisposable
{
    public const string NodeAddress = "198.51.100.1";
    public const string OutsideAddress = "198.51.100.2";
    public const string RemotePod = "10.244.1.5";
    public const string PodRange = "10.244.0.0/24";
    public const string ClusterRange = "10.244.0.0/16";
    private readonly string prefix = "gkl-" + Guid.NewGuid().ToString("N")[..8];
    private readonly MachineCommands machine = new();
    private readonly List<NetworkNamespace> namespaces = [];
    private readonly List<LabServer> servers = [];

    private NetworkLab()
    {
        (Node, Outside) = (NewNamespace("node"), NewNamespace("out"));
        (A, B, C) = (NewNamespace("a"), NewNamespace("b"), NewNamespace("c"));
        Commands = new NamespaceCommands(Node.Name);
    }

    public NetworkNamespace Node { get; }

    public NetworkNamespace Outside { get; }

    public NetworkNamespace A { get; }

    public NetworkNamespace B { get; }

    public NetworkNamespace C { get; }

    /// <summary>Programs on the node.</summary>
    public IMachineCommands Commands { get; }

    public static string AddressOf(char pod) => string.Create(CultureInfo.InvariantCulture, $"10.244.0.{pod - 'a' + 2}");

    /// <summary>Makes it, with a server of both protocols on port 8080 in each pod, and on 53 beside.</summary>
    public static async Task<NetworkLab> StartAsync()
    {
        var lab = new NetworkLab();
        try
        {
            await lab.BuildAsync();
            foreach (var (place, name) in new[] { (lab.A, "a"), (lab.B, "b"), (lab.C, "c"), (lab.Outside, "remote"), (lab.Node, "node") })
            {
                lab.Serve(place, name, ProtocolType.Tcp, 8080);
                lab.Serve(place, name, ProtocolType.Udp, 8080);
            }

            return lab;
        }
        catch
        {
            await lab.DisposeAsync();
            throw;
        }
    }

    public void Serve(NetworkNamespace place, string name, ProtocolType protocol, int port, string address = "0.0.0.0") =>
        servers.Add(new LabServer(place, name, protocol, new IPEndPoint(IPAddress.Parse(address), port)));

    /// <summary>Runs a program on the node and expects success.</summary>
    public async Task<string> OnNodeAsync(string program, params string[] arguments)
    {
        var result = await Commands.RunAsync(program, arguments, "", CancellationToken.None);
        Assert.True(result.Succeeded, $"{program} {string.Join(' ', arguments)}: {result.Error}");
        return result.Output;
    }

    /// <summary>Runs a program elsewhere in the lab and expects success.</summary>
    public static async Task<string> InAsync(NetworkNamespace place, string program, params string[] arguments)
    {
        var result = await new NamespaceCommands(place.Name).RunAsync(program, arguments, "", CancellationToken.None);
        Assert.True(result.Succeeded, $"{program} {string.Join(' ', arguments)}: {result.Error}");
        return result.Output;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var server in servers)
        {
            await server.DisposeAsync();
        }

        foreach (var place in namespaces)
        {
            await machine.RunAsync("ip", ["netns", "del", place.Name], "", CancellationToken.None);
        }
    }

    private NetworkNamespace NewNamespace(string part)
    {
        var made = new NetworkNamespace($"{prefix}-{part}");
        namespaces.Add(made);
        return made;
    }

    private async Task BuildAsync()
    {
        await BatchAsync(null, [.. namespaces.Select(n => $"netns add {n.Name}")]);
        await BatchAsync(
            Node,
            [
                "link set lo up",
                "link add pods type bridge",
                "address add 10.244.0.1/24 dev pods",
                "link set pods up",
                $"link add uplink type veth peer name eth0 netns {Outside.Name}",
                $"address add {NodeAddress}/24 dev uplink",
                "link set uplink up",
                $"route add default via {OutsideAddress}",
                .. new[] { A, B, C }.SelectMany((pod, i) => new[] { $"link add pod{i} type veth peer name eth0 netns {pod.Name}", $"link set pod{i} master pods", $"link set pod{i} up" }),
            ]);
        await BatchAsync(
            Outside,
            ["link set lo up", $"address add {OutsideAddress}/24 dev eth0", $"address add {RemotePod}/32 dev lo", "link set eth0 up", $"route add default via {NodeAddress}"]);
        foreach (var (pod, name) in new[] { (A, 'a'), (B, 'b'), (C, 'c') })
        {
            await BatchAsync(pod, ["link set lo up", $"address add {AddressOf(name)}/24 dev eth0", "link set eth0 up", "route add default via 10.244.0.1"]);
        }

        await OnNodeAsync("sysctl", "-qw", "net.ipv4.ip_forward=1", "net.bridge.bridge-nf-call-iptables=1");
    }

    private async Task BatchAsync(NetworkNamespace? place, string[] lines)
    {
        var result = await machine.RunAsync("ip", [.. place is null ? Array.Empty<string>() : ["-n", place.Name], "-batch", "-"], string.Join('\n', lines) + "\n", CancellationToken.None);
        Assert.True(result.Succeeded, result.Error);
    }
}
