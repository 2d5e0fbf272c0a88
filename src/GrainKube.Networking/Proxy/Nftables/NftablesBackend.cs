using System.Text;
using GrainKube.Networking.Proxy.Machine;
using GrainKube.Networking.Proxy.Rules;
using GrainKube.Networking.Proxy.Services;

namespace GrainKube.Networking.Proxy.Nftables;

/// <summary>Services as one nftables table of the node's. Its cost for a packet does not depend on how many there are, nor does that of a change.</summary>
internal sealed class NftablesBackend(IMachineCommands machine, ProxyNode node) : IProxyBackend
{
    // Owner of the rules about addresses that no service has; no Service has an empty name.
    private static readonly ServiceName NoService = new("", "");

    private readonly string table = NftNames.Table(node.Name);
    private readonly NftRenderer renderer = new(node);
    private readonly RuleLedger ledger = new();

    /// <summary>Whether this machine can do it.</summary>
    public static async Task<bool> IsUsableAsync(IMachineCommands machine, CancellationToken cancel) =>
        (await machine.RunAsync("nft", ["--check", "-f", "-"], "add table ip grainkube-check\nadd map ip grainkube-check m { type inet_proto . inet_service : verdict; }\n", cancel)).Succeeded;

    public Task ReplaceAsync(IReadOnlyCollection<ProxiedService> all, IReadOnlyList<string> ranges, CancellationToken cancel)
    {
        ledger.Clear();
        var script = new StringBuilder(Removal);
        NftBase.Write(script, table, node);
        NftScript.Write(script, table, ledger.Update(Render(all, ranges)));
        return RunAsync(script.ToString(), cancel);
    }

    public async Task UpdateAsync(IReadOnlyCollection<ProxiedService> changed, IReadOnlyList<string> ranges, CancellationToken cancel)
    {
        var changes = ledger.Update(Render(changed, ranges));
        if (!changes.IsEmpty)
        {
            var script = new StringBuilder();
            NftScript.Write(script, table, changes);
            await RunAsync(script.ToString(), cancel);
        }
    }

    public async Task<bool> IsIntactAsync(CancellationToken cancel) =>
        (await machine.RunAsync("nft", ["-f", "-"], $"list chain ip {table} {NftNames.Services}\n", cancel)).Output.Contains(NftNames.ServiceAddresses, StringComparison.Ordinal);

    public async Task RemoveAsync(CancellationToken cancel)
    {
        ledger.Clear();
        await RunAsync(Removal, cancel);
    }

    // Deleting what is not there is an error, adding what is there is none.
    private string Removal => $"add table ip {table}\ndelete table ip {table}\n";

    private IEnumerable<(ServiceName Service, RulePart Part)> Render(IEnumerable<ProxiedService> services, IReadOnlyList<string> ranges) =>
        services.Select(s => (s.Name, renderer.Render(s))).Append((NoService, NftRenderer.Unallocated(ranges)));

    private async Task RunAsync(string script, CancellationToken cancel)
    {
        var result = await machine.RunAsync("nft", ["-f", "-"], script, cancel);
        if (!result.Succeeded)
        {
            throw MachineException.For("nft", result);
        }
    }
}
