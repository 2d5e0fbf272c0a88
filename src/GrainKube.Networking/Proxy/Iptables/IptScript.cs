using System.Globalization;
using System.Text;
using GrainKube.Networking.Proxy.Rules;

namespace GrainKube.Networking.Proxy.Iptables;

/// <summary>What <c>iptables-restore --noflush</c> reads. A chain that is declared is made, or emptied where it is there.</summary>
internal sealed class IptScript(IptNames names, ProxyNode node)
{
    private readonly string mark = string.Create(CultureInfo.InvariantCulture, $"0x{ProxyNode.MasqueradeMark:x}");

    /// <summary>The shared chains with what does not depend on services, all of them empty otherwise, and these services in them.</summary>
    public string Full(RuleChanges all, IEnumerable<string> stale)
    {
        var script = new StringBuilder("*nat\n");
        Declare(script, [names.Services, names.NodePorts, names.Entry, names.Hairpins, names.Leave, names.Outside, .. all.NewChains]);
        var old = stale.Except(all.NewChains).ToList();
        Declare(script, old);

        // What a pod of another node asks of a cluster address is for that node's rules: they know which endpoints are local to it.
        Append(script, names.Entry, $"-s {node.PodRange} -j {names.Services}", $"! -s {node.ClusterRange} -j {names.Services}", $"-m addrtype --dst-type LOCAL -j {names.NodePorts}");
        Append(script, names.Outside, [.. node.PodRanges.Select(r => $"-s {r} -j RETURN"), $"-j MARK --set-xmark {mark}/{mark}"]);
        Append(script, names.Leave, $"-m conntrack --ctstate DNAT -j {names.Hairpins}");
        if (node.MasqueradeBridged)
        {
            Append(script, names.Leave, $"-s {node.PodRange} -d {node.PodRange} -m conntrack --ctstate DNAT -j MASQUERADE --random-fully");
        }

        // A pod shows its own address to pods of other nodes: said here, before the engine's rule hides it behind the machine's.
        Append(script, names.Leave, $"-s {node.PodRange} -d {node.ClusterRange} -m mark ! --mark {mark}/{mark} -j ACCEPT");
        Append(script, names.Leave, $"-m mark ! --mark {mark}/{mark} -j RETURN", $"-j MARK --set-xmark 0x0/{mark}", "-j MASQUERADE --random-fully");
        Services(script, all);
        Delete(script, old);
        script.Append("COMMIT\n*filter\n");
        Declare(script, [names.Dead, names.Input]);
        Append(script, names.Input, "! -i lo -d 127.0.0.0/8 -m conntrack ! --ctstate DNAT -j DROP", $"-m conntrack --ctstate NEW -j {names.Dead}");
        Elements(script, all, inFilter: true);
        return script.Append("COMMIT\n").ToString();
    }

    public string Changes(RuleChanges changes)
    {
        var script = new StringBuilder("*nat\n");
        Declare(script, changes.Filled.Select(f => f.Chain));
        Services(script, changes);
        Declare(script, changes.DeletedChains);
        Delete(script, changes.DeletedChains);
        script.Append("COMMIT\n");
        if (changes.AddedElements.Concat(changes.DeletedElements).Any(e => e.Element.Set == names.Dead))
        {
            script.Append("*filter\n");
            Elements(script, changes, inFilter: true);
            script.Append("COMMIT\n");
        }

        return script.ToString();
    }

    private void Services(StringBuilder script, RuleChanges changes)
    {
        foreach (var (chain, rules) in changes.Filled)
        {
            Append(script, chain, [.. rules]);
        }

        Elements(script, changes, inFilter: false);
    }

    private void Elements(StringBuilder script, RuleChanges changes, bool inFilter)
    {
        foreach (var (element, value) in changes.DeletedElements.Where(e => e.Element.Set == names.Dead == inFilter))
        {
            script.Append("-D ").Append(element.Set).Append(' ').Append(element.Key).Append(' ').Append(value).Append('\n');
        }

        // The longer ones first: a source's rule comes before that of everybody else.
        foreach (var (element, value) in changes.AddedElements.Where(e => e.Element.Set == names.Dead == inFilter).OrderBy(e => e.Element.Key.StartsWith("-s ", StringComparison.Ordinal)))
        {
            script.Append("-I ").Append(element.Set).Append(' ').Append(element.Key).Append(' ').Append(value).Append('\n');
        }
    }

    private static void Declare(StringBuilder script, IEnumerable<string> chains)
    {
        foreach (var chain in chains)
        {
            script.Append(':').Append(chain).Append(" - [0:0]\n");
        }
    }

    private static void Append(StringBuilder script, string chain, params string[] rules)
    {
        foreach (var rule in rules)
        {
            script.Append("-A ").Append(chain).Append(' ').Append(rule).Append('\n');
        }
    }

    private static void Delete(StringBuilder script, IEnumerable<string> chains)
    {
        foreach (var chain in chains)
        {
            script.Append("-X ").Append(chain).Append('\n');
        }
    }
}
