using System.Collections.Immutable;
using System.Globalization;
using GrainKube.Networking.Proxy.Rules;
using GrainKube.Networking.Proxy.Services;

namespace GrainKube.Networking.Proxy.Iptables;

/// <summary>Makes chains and rules of a service. Pure. The same shape as the nftables rules; what are map elements there are rules of the shared chains here.</summary>
internal sealed class IptRenderer(IptNames names, ProxyNode node)
{
    private static readonly string Masquerade = string.Create(CultureInfo.InvariantCulture, $"-j MARK --set-xmark 0x{ProxyNode.MasqueradeMark:x}/0x{ProxyNode.MasqueradeMark:x}");

    public RulePart Render(ProxiedService service)
    {
        var part = new RulePart();
        foreach (var port in service.Ports)
        {
            AddPort(part, port);
        }

        return part;
    }

    private void AddPort(RulePart part, ServicePort port)
    {
        var (cluster, local) = (names.Of("CLU", port), names.Of("LOC", port));
        if (!port.Cluster.IsEmpty && (!port.IsInternalLocal || port.IsExternal))
        {
            AddChoice(part, cluster, port, port.Cluster);
        }

        if (!port.Local.IsEmpty && (port.IsInternalLocal || (port.IsExternalLocal && port.IsExternal)))
        {
            AddChoice(part, local, port, port.Local);
        }

        if (port.Internal.IsEmpty)
        {
            part.Elements[new RuleElement(names.Dead, To(port, port.ClusterIp))] = Dead(port);
        }
        else
        {
            part.Elements[new RuleElement(names.Services, To(port, port.ClusterIp))] = $"-j {(port.IsInternalLocal ? local : cluster)}";
        }

        if (port.IsExternal)
        {
            AddExternal(part, port, cluster, local);
        }
    }

    private void AddExternal(RulePart part, ServicePort port, string cluster, string local)
    {
        var chain = names.Of("EXT", port);
        if (!port.Cluster.IsEmpty)
        {
            part.Chains[chain] = !port.IsExternalLocal ? [Masquerade, $"-j {cluster}"]
                : [.. node.PodRanges.Select(r => $"-s {r} -j {cluster}"), $"-m addrtype --src-type LOCAL {Masquerade}", $"-m addrtype --src-type LOCAL -j {cluster}",
                    .. port.Local.IsEmpty ? Array.Empty<string>() : [$"-j {local}"]];
        }

        foreach (var address in port.ExternalIps)
        {
            AddDoor(part, port, chain, new RuleElement(names.Services, To(port, address)), new RuleElement(names.Dead, To(port, address)));
        }

        if (port.NodePort > 0)
        {
            var match = $"-p {port.Protocol} -m {port.Protocol} --dport {Text(port.NodePort)}";
            AddDoor(part, port, chain, new RuleElement(names.NodePorts, match), new RuleElement(names.Dead, $"{match} -m addrtype --dst-type LOCAL"));
        }

        foreach (var address in port.LoadBalancerIps.Except(port.ExternalIps))
        {
            // Who is not among the sources is not translated, and what then still has the address is dropped.
            foreach (var source in port.LoadBalancerSources is { IsEmpty: false } sources ? sources.Select(s => $"-s {s} ") : [""])
            {
                AddDoor(part, port, chain, new RuleElement(names.Services, source + To(port, address)), new RuleElement(names.Dead, source + To(port, address)));
            }

            if (!port.LoadBalancerSources.IsEmpty && !port.External.IsEmpty)
            {
                part.Elements[new RuleElement(names.Dead, To(port, address))] = "-j DROP";
            }
        }
    }

    private static void AddDoor(RulePart part, ServicePort port, string chain, RuleElement alive, RuleElement dead)
    {
        if (part.Chains.ContainsKey(chain))
        {
            part.Elements[alive] = $"-j {chain}";
        }

        if (port.External.IsEmpty)
        {
            part.Elements[dead] = Dead(port);
        }
    }

    private static string Dead(ServicePort port) =>
        port.HasEndpoints ? "-j DROP" : port.Protocol == "tcp" ? "-j REJECT --reject-with tcp-reset" : "-j REJECT --reject-with icmp-port-unreachable";

    private void AddChoice(RulePart part, string chain, ServicePort port, ImmutableArray<ServiceEndpoint> endpoints)
    {
        foreach (var endpoint in endpoints.Where(e => node.IsOwnPod(e.Address)))
        {
            part.Elements[new RuleElement(names.Hairpins, $"-s {endpoint.Address}/32 -d {endpoint.Address}/32 -m conntrack --ctstate DNAT")] = "-j MASQUERADE --random-fully";
        }

        var rules = new List<string> { $"{To(port, port.ClusterIp)} -m comment --comment \"{port.Service}\" -j {names.Outside}" };
        var targets = endpoints.Select(e => port.AffinitySeconds is null ? DestinationOf(port, e) : $"-j {AddSticky(part, rules, port, e)}").ToList();
        for (var i = 0; i < targets.Count; i++)
        {
            // Each takes its share of what the ones before left.
            var share = (1.0 / (targets.Count - i)).ToString("F10", CultureInfo.InvariantCulture);
            rules.Add(i == targets.Count - 1 ? Matched(port, targets[i]) : Matched(port, $"-m statistic --mode random --probability {share} {targets[i]}"));
        }

        part.Chains[chain] = rules;
    }

    /// <summary>The chain of an endpoint that remembers its clients.</summary>
    private string AddSticky(RulePart part, List<string> rules, ServicePort port, ServiceEndpoint endpoint)
    {
        var chain = names.Of("EP", port, $"{endpoint.Address}:{Text(endpoint.Port)}");
        rules.Add(Matched(port, $"-m recent --name {chain} --rcheck --seconds {Text(port.AffinitySeconds!.Value)} --reap --rsource -j {chain}"));
        part.Chains[chain] = [Matched(port, $"-m recent --name {chain} --set --rsource {DestinationOf(port, endpoint)}")];
        return chain;
    }

    private static string Matched(ServicePort port, string rest) => $"-p {port.Protocol} -m {port.Protocol} {rest}";

    private static string DestinationOf(ServicePort port, ServiceEndpoint endpoint) => $"-j DNAT --to-destination {endpoint.Address}:{Text(endpoint.Port)}";

    private static string To(ServicePort port, string address) => $"-d {address}/32 -p {port.Protocol} -m {port.Protocol} --dport {Text(port.Port)}";

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
