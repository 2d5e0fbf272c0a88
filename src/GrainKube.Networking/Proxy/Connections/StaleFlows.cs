using System.Globalization;
using GrainKube.Networking.Proxy.Machine;
using GrainKube.Networking.Proxy.Services;

namespace GrainKube.Networking.Proxy.Connections;

/// <summary>
/// Forgets tracked flows of datagrams that go to a service but not to one of its endpoints. A TCP connection to an endpoint that is gone ends by itself; for UDP the kernel would go on sending there
/// for as long as the client sends, and one that began before there was an endpoint would never be translated.
/// </summary>
internal sealed class StaleFlows(IMachineCommands machine)
{
    /// <summary>Looks at the flows of these services' UDP ports; asks for nothing where they have none.</summary>
    /// <exception cref="MachineException">The flows cannot be read: <c>conntrack</c> is not installed, say.</exception>
    public async Task ForgetAsync(IEnumerable<ProxiedService> services, CancellationToken cancel)
    {
        var ports = services.SelectMany(s => s.Ports).Where(p => p.Protocol == "udp").ToList();
        if (ports.Count == 0)
        {
            return;
        }

        var listing = await machine.RunAsync("conntrack", ["-L", "-f", "ipv4", "-p", "udp"], "", cancel);
        if (!listing.Succeeded)
        {
            throw MachineException.For("conntrack", listing);
        }

        var flows = listing.Output.Split('\n').Select(UdpFlow.Parse).OfType<UdpFlow>().Distinct().ToList();
        var own = flows.Count > 0 && ports.Exists(p => p.NodePort > 0) ? await OwnAddressesAsync(cancel) : [];
        foreach (var flow in Stale(flows, ports, own))
        {
            // It may have ended by itself meanwhile.
            await machine.RunAsync(
                "conntrack",
                ["-D", "-f", "ipv4", "-p", "udp", "--orig-dst", flow.Address, "--orig-port-dst", Text(flow.Port), "--reply-src", flow.Target, "--reply-port-src", Text(flow.TargetPort)],
                "",
                cancel);
        }
    }

    /// <summary>The flows that go to one of the ports' addresses, but to none of its endpoints. Pure.</summary>
    /// <param name="flows">What is tracked.</param>
    /// <param name="ports">UDP ports.</param>
    /// <param name="own">The node's addresses: those that node ports are on.</param>
    public static IEnumerable<UdpFlow> Stale(IEnumerable<UdpFlow> flows, IEnumerable<ServicePort> ports, IReadOnlySet<string> own)
    {
        var doors = new Dictionary<(string, int), HashSet<(string, int)>>();
        var nodePorts = new Dictionary<int, HashSet<(string, int)>>();
        foreach (var port in ports)
        {
            var endpoints = port.Cluster.Concat(port.Local).Select(e => (e.Address, e.Port)).ToHashSet();
            foreach (var address in port.ExternalAddresses.Append(port.ClusterIp))
            {
                doors[(address, port.Port)] = endpoints;
            }

            if (port.NodePort > 0)
            {
                nodePorts[port.NodePort] = endpoints;
            }
        }

        return flows.Where(flow => (doors.TryGetValue((flow.Address, flow.Port), out var endpoints) || (own.Contains(flow.Address) && nodePorts.TryGetValue(flow.Port, out endpoints)))
            && !endpoints.Contains((flow.Target, flow.TargetPort)));
    }

    private async Task<HashSet<string>> OwnAddressesAsync(CancellationToken cancel)
    {
        var answer = await machine.RunAsync("ip", ["-4", "-o", "address", "show"], "", cancel);
        return [.. answer.Output.Split('\n').Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Where(words => words.Length > 3).Select(words => words[3].Split('/')[0])];
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
