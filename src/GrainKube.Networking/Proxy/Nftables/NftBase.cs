using System.Globalization;
using System.Text;

namespace GrainKube.Networking.Proxy.Nftables;

/// <summary>The part of the table that does not depend on services. A packet is looked up once in a map, however many services there are.</summary>
internal static class NftBase
{
    /// <summary>Its commands. Priorities lie just before those of iptables, so that a foreign policy does not decide before us.</summary>
    public static void Write(StringBuilder script, string table, ProxyNode node)
    {
        var mark = string.Create(CultureInfo.InvariantCulture, $"0x{ProxyNode.MasqueradeMark:x}");
        Line("add table ip {0}", table);
        Line("add set ip {0} pods {{ type ipv4_addr; flags interval; }}", table);
        Line("add element ip {0} pods {{ {1} }}", table, string.Join(", ", node.PodRanges));
        Line("add set ip {0} hairpins {{ type ipv4_addr . ipv4_addr; }}", table);
        Line("add set ip {0} {1} {{ type ipv4_addr; }}", table, NftNames.ClusterAddresses);
        foreach (var map in new[] { NftNames.ServiceAddresses, NftNames.DeadAddresses, NftNames.Firewalled })
        {
            Line("add map ip {0} {1} {{ type ipv4_addr . inet_proto . inet_service : verdict; }}", table, map);
        }

        Line("add map ip {0} service-node-ports {{ type inet_proto . inet_service : verdict; }}", table);
        Line("add map ip {0} dead-node-ports {{ type inet_proto . inet_service : verdict; }}", table);

        Chain(NftNames.Unallocated, "");
        Chain(NftNames.Refuse, "", "meta l4proto tcp reject with tcp reset", "reject");
        Chain(
            NftNames.Services,
            "",
            $"{NeighboursRequest(node)} return",
            "ip daddr . meta l4proto . th dport vmap @service-addresses",
            "fib daddr type local meta l4proto . th dport vmap @service-node-ports");
        Chain("prerouting", "type nat hook prerouting priority -110;", "jump services");
        Chain("output", "type nat hook output priority -110;", "jump services");
        Chain("postrouting", "type nat hook postrouting priority 90;", [.. Masquerading(mark, node)]);

        // Before addresses are translated: who may not use a load balancer's address.
        Chain("guard-prerouting", "type filter hook prerouting priority -120;", "ct state new ip daddr . meta l4proto . th dport vmap @firewalled-addresses");
        Chain("guard-output", "type filter hook output priority -120;", "ct state new ip daddr . meta l4proto . th dport vmap @firewalled-addresses");

        // After it: what still goes to a service's address has no endpoint, or is for a port that the service does not have; what goes to another address of their ranges, to none. An address that is
        // the node's own (names are asked there) has other ports.
        // Loopback is open to answers only, although the pods' bridge routes it.
        Chain(
            "filter-input",
            "type filter hook input priority -10;",
            "iifname != \"lo\" ip daddr 127.0.0.0/8 ct status and dnat == 0 drop",
            "ct state new ip daddr . meta l4proto . th dport vmap @dead-addresses",
            "ct state new fib daddr type local meta l4proto . th dport vmap @dead-node-ports");
        Chain(
            "filter-forward",
            "type filter hook forward priority -10;",
            $"{NeighboursRequest(node)} accept",
            "ct state new ip daddr . meta l4proto . th dport vmap @dead-addresses",
            $"ct state new ip daddr @{NftNames.ClusterAddresses} goto {NftNames.Refuse}",
            $"ct state new jump {NftNames.Unallocated}");
        Chain(
            "filter-output",
            "type filter hook output priority -10;",
            "ct state new ip daddr . meta l4proto . th dport vmap @dead-addresses",
            $"ct state new ip daddr @{NftNames.ClusterAddresses} fib daddr type != local goto {NftNames.Refuse}",
            $"ct state new fib daddr type != local jump {NftNames.Unallocated}",
            "ct state new fib daddr type local meta l4proto . th dport vmap @dead-node-ports");

        void Chain(string name, string hook, params string[] rules)
        {
            Line("add chain ip {0} {1}{2}", table, name, hook.Length > 0 ? $" {{ {hook} }}" : "");
            foreach (var rule in rules)
            {
                Line("add rule ip {0} {1} {2}", table, name, rule);
            }
        }

        void Line(string format, params object[] values) => script.AppendFormat(CultureInfo.InvariantCulture, format, values).Append('\n');
    }

    /// <summary>What a pod of another node asks of a cluster address: that node's rules, on this machine or another, know which endpoints are local to it.</summary>
    private static string NeighboursRequest(ProxyNode node) => $"ip saddr {node.ClusterRange} ip saddr != {node.PodRange} ip daddr @{NftNames.ClusterAddresses}";

    private static IEnumerable<string> Masquerading(string mark, ProxyNode node)
    {
        yield return $"meta mark and {mark} == {mark} meta mark set meta mark xor {mark} masquerade fully-random";
        yield return "ct status dnat ip saddr . ip daddr @hairpins masquerade fully-random";
        if (node.MasqueradeBridged)
        {
            yield return $"ct status dnat ip saddr {node.PodRange} ip daddr {node.PodRange} masquerade fully-random";
        }

        // A pod shows its own address to pods of other nodes: said here, before the engine's rule hides it behind the machine's.
        yield return $"ip saddr {node.PodRange} ip daddr {node.ClusterRange} snat to ip saddr";
    }
}
