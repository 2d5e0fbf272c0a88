using System.Collections.Immutable;
using System.Globalization;
using GrainKube.Networking.Proxy.Rules;
using GrainKube.Networking.Proxy.Services;

namespace GrainKube.Networking.Proxy.Nftables;

/// <summary>Makes chains and map elements of a service. Pure.</summary>
/// <remarks>
/// A port has a chain that chooses among its endpoints (<c>cluster-…</c>, and <c>local-…</c> where a policy wants it) and, where it has other addresses than the cluster's, one that says who is
/// masqueraded on the way there (<c>external-…</c>). Where clients stick to endpoints, each endpoint has a chain and a set of its clients.
/// </remarks>
internal sealed class NftRenderer(ProxyNode node)
{
    private static readonly string Masquerade = string.Create(CultureInfo.InvariantCulture, $"meta mark set meta mark or 0x{ProxyNode.MasqueradeMark:x}");

    public RulePart Render(ProxiedService service)
    {
        var part = new RulePart();
        foreach (var port in service.Ports)
        {
            AddPort(part, port);
        }

        return part;
    }

    /// <summary>What happens to packets for an address of these ranges that no service has: nothing. Its chain is always there, because the table's own chains refer to it.</summary>
    public static RulePart Unallocated(IReadOnlyList<string> ranges)
    {
        var part = new RulePart();
        part.Chains[NftNames.Unallocated] = ranges.Count == 0 ? [] : [$"ip daddr {{ {string.Join(", ", ranges)} }} drop"];
        return part;
    }

    private void AddPort(RulePart part, ServicePort port)
    {
        var cluster = NftNames.Of("cluster", port);
        var local = NftNames.Of("local", port);
        if (!port.Cluster.IsEmpty && (!port.IsInternalLocal || port.IsExternal))
        {
            AddChoice(part, cluster, port, port.Cluster);
        }

        if (!port.Local.IsEmpty && (port.IsInternalLocal || (port.IsExternalLocal && port.IsExternal)))
        {
            AddChoice(part, local, port, port.Local);
        }

        part.Elements[new RuleElement(NftNames.ClusterAddresses, port.ClusterIp)] = "";
        var door = Key(port.ClusterIp, port.Protocol, port.Port);
        if (port.Internal.IsEmpty)
        {
            part.Elements[new RuleElement(NftNames.DeadAddresses, door)] = Dead(port);
        }
        else
        {
            part.Elements[new RuleElement(NftNames.ServiceAddresses, door)] = $"goto {(port.IsInternalLocal ? local : cluster)}";
        }

        if (port.IsExternal)
        {
            AddExternal(part, port, cluster, local);
        }
    }

    private void AddExternal(RulePart part, ServicePort port, string cluster, string local)
    {
        var chain = NftNames.Of("external", port);
        if (!port.Cluster.IsEmpty)
        {
            // With the policy Local pods and the node itself reach every endpoint nevertheless; only what comes from outside is kept here, with its address.
            part.Chains[chain] = !port.IsExternalLocal ? [Masquerade, $"goto {cluster}"]
                : [$"ip saddr @pods goto {cluster}", $"fib saddr type local {Masquerade}", $"fib saddr type local goto {cluster}", .. port.Local.IsEmpty ? Array.Empty<string>() : [$"goto {local}"]];
        }

        foreach (var address in port.ExternalAddresses)
        {
            var key = Key(address, port.Protocol, port.Port);
            AddDoor(part, port, chain, new RuleElement(NftNames.ServiceAddresses, key), new RuleElement(NftNames.DeadAddresses, key));
        }

        if (port.NodePort > 0)
        {
            var key = string.Create(CultureInfo.InvariantCulture, $"{port.Protocol} . {port.NodePort}");
            AddDoor(part, port, chain, new RuleElement(NftNames.ServiceNodePorts, key), new RuleElement(NftNames.DeadNodePorts, key));
        }

        if (!port.LoadBalancerSources.IsEmpty && !port.LoadBalancerIps.IsEmpty)
        {
            var wall = NftNames.Of("firewall", port);
            part.Chains[wall] = [$"ip saddr != {{ {string.Join(", ", port.LoadBalancerSources)} }} drop"];
            foreach (var address in port.LoadBalancerIps)
            {
                part.Elements[new RuleElement(NftNames.Firewalled, Key(address, port.Protocol, port.Port))] = $"goto {wall}";
            }
        }
    }

    private static void AddDoor(RulePart part, ServicePort port, string chain, RuleElement alive, RuleElement dead)
    {
        if (part.Chains.ContainsKey(chain))
        {
            part.Elements[alive] = $"goto {chain}";
        }

        if (port.External.IsEmpty)
        {
            part.Elements[dead] = Dead(port);
        }
    }

    private static string Dead(ServicePort port) => port.HasEndpoints ? "drop" : $"goto {NftNames.Refuse}";

    private void AddChoice(RulePart part, string chain, ServicePort port, ImmutableArray<ServiceEndpoint> endpoints)
    {
        foreach (var endpoint in endpoints.Where(e => node.IsOwnPod(e.Address)))
        {
            part.Elements[new RuleElement(NftNames.Hairpins, $"{endpoint.Address} . {endpoint.Address}")] = "";
        }

        var rules = new List<string> { $"ip daddr {port.ClusterIp} ip saddr != @{NftNames.Pods} {Masquerade}" };
        if (port.AffinitySeconds is { } seconds)
        {
            AddSticky(part, rules, port, endpoints, seconds);
        }
        else if (endpoints is [var only])
        {
            rules.Add($"meta l4proto {port.Protocol} dnat to {only.Address}:{Text(only.Port)}");
        }
        else
        {
            var targets = endpoints.Select((e, i) => $"{Text(i)} : {e.Address} . {Text(e.Port)}");
            rules.Add($"meta l4proto {port.Protocol} dnat to numgen random mod {Text(endpoints.Length)} map {{ {string.Join(", ", targets)} }}");
        }

        part.Chains[chain] = rules;
    }

    // The set's name tells its timeout: a set cannot change it.
    private static void AddSticky(RulePart part, List<string> rules, ServicePort port, ImmutableArray<ServiceEndpoint> endpoints, int seconds)
    {
        var chains = new List<string>();
        foreach (var endpoint in endpoints)
        {
            var target = $"{endpoint.Address}/{Text(endpoint.Port)}";
            var clients = NftNames.Of("clients", port, $"{target}/{Text(seconds)}");
            var chain = NftNames.Of("endpoint", port, target);
            part.Sets[clients] = $"{{ type ipv4_addr; flags dynamic,timeout; timeout {Text(seconds)}s; }}";
            part.Chains[chain] = [$"update @{clients} {{ ip saddr }}", $"meta l4proto {port.Protocol} dnat to {endpoint.Address}:{Text(endpoint.Port)}"];
            rules.Add($"ip saddr @{clients} goto {chain}");
            chains.Add(chain);
        }

        rules.Add(chains is [var only] ? $"goto {only}" : $"numgen random mod {Text(chains.Count)} vmap {{ {string.Join(", ", chains.Select((c, i) => $"{Text(i)} : goto {c}"))} }}");
    }

    private static string Key(string address, string protocol, int port) => string.Create(CultureInfo.InvariantCulture, $"{address} . {protocol} . {port}");

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
