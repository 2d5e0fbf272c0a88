using GrainKube.Networking.Proxy.Machine;
using GrainKube.Networking.Proxy.Rules;
using GrainKube.Networking.Proxy.Services;

namespace GrainKube.Networking.Proxy.Iptables;

/// <summary>Services as chains of iptables, for machines without nftables. A packet is compared with one rule after the other until a service matches.</summary>
/// <remarks>What no service has, an address of the ranges or a port of an address, goes where the machine routes it, as with upstream's proxy of this kind.</remarks>
internal sealed class IptablesBackend : IProxyBackend
{
    private readonly IptablesProgram program;
    private readonly IptNames names;
    private readonly IptRenderer renderer;
    private readonly IptScript scripts;
    private readonly RuleLedger ledger = new();

    public IptablesBackend(IMachineCommands machine, ProxyNode node)
    {
        (program, names) = (new IptablesProgram(machine), new IptNames(node.Name));
        (renderer, scripts) = (new IptRenderer(names, node), new IptScript(names, node));
    }

    // What of the machine's own chains leads to ours. Docker puts its rules first in FORWARD, except for what is in DOCKER-USER.
    private (string Table, string Chain, string[] Rule)[] Jumps(bool hasDocker) =>
    [
        ("nat", "PREROUTING", ["-j", names.Entry]),
        ("nat", "OUTPUT", ["-j", names.Entry]),
        ("nat", "POSTROUTING", ["-j", names.Leave]),
        ("filter", "INPUT", ["-j", names.Input]),
        ("filter", "OUTPUT", ["-m", "conntrack", "--ctstate", "NEW", "-j", names.Dead]),
        ("filter", hasDocker ? ForwardPassage.DockerChain : "FORWARD", ["-m", "conntrack", "--ctstate", "NEW", "-j", names.Dead]),
    ];

    public async Task ReplaceAsync(IReadOnlyCollection<ProxiedService> all, IReadOnlyList<string> ranges, CancellationToken cancel)
    {
        ledger.Clear();
        var stale = (await program.ChainsAsync("nat", cancel)).Where(c => c.StartsWith(names.Prefix, StringComparison.Ordinal)).Except(Shared, StringComparer.Ordinal);
        await program.RestoreAsync(scripts.Full(ledger.Update(Render(all)), stale), cancel);
        await JumpAsync(cancel);
    }

    public async Task UpdateAsync(IReadOnlyCollection<ProxiedService> changed, IReadOnlyList<string> ranges, CancellationToken cancel)
    {
        var changes = ledger.Update(Render(changed));
        if (!changes.IsEmpty)
        {
            await program.RestoreAsync(scripts.Changes(changes), cancel);
        }
    }

    public async Task<bool> IsIntactAsync(CancellationToken cancel)
    {
        if ((await program.RulesAsync("nat", names.Entry, cancel)).Count < 3 || (await program.RulesAsync("filter", names.Input, cancel)).Count < 3)
        {
            return false;
        }

        await JumpAsync(cancel);
        return true;
    }

    public async Task RemoveAsync(CancellationToken cancel)
    {
        ledger.Clear();
        foreach (var (table, chain, rule) in Jumps(true).Concat(Jumps(false)).DistinctBy(j => (j.Table, j.Chain)))
        {
            await program.DeleteAsync(table, chain, rule, cancel);
        }

        foreach (var table in new[] { "nat", "filter" })
        {
            var ours = (await program.ChainsAsync(table, cancel)).Where(c => c.StartsWith(names.Prefix, StringComparison.Ordinal) && c != ForwardPassage.ChainOf(names)).ToList();
            if (ours.Count > 0)
            {
                await program.RestoreAsync($"*{table}\n{string.Concat(ours.Select(c => $":{c} - [0:0]\n"))}{string.Concat(ours.Select(c => $"-X {c}\n"))}COMMIT\n", cancel);
            }
        }
    }

    private string[] Shared => [names.Services, names.NodePorts, names.Entry, names.Hairpins, names.Leave, names.Outside];

    private async Task JumpAsync(CancellationToken cancel)
    {
        var hasDocker = (await program.RulesAsync("filter", ForwardPassage.DockerChain, cancel)).Count > 0;
        foreach (var (table, chain, rule) in Jumps(hasDocker))
        {
            await program.EnsureFirstAsync(table, chain, rule, cancel);
        }
    }

    private IEnumerable<(ServiceName Service, RulePart Part)> Render(IEnumerable<ProxiedService> services) => services.Select(s => (s.Name, renderer.Render(s)));
}
