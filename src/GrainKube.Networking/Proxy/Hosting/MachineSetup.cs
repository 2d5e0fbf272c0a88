using GrainKube.Networking.Proxy.Iptables;
using GrainKube.Networking.Proxy.Machine;
using GrainKube.Networking.Proxy.Nftables;
using Microsoft.Extensions.Logging;

namespace GrainKube.Networking.Proxy.Hosting;

/// <summary>What the machine must have for services, found out and switched on.</summary>
internal sealed partial class MachineSetup(IMachineCommands machine, ILogger logger)
{
    private const string BridgeRules = "net.bridge.bridge-nf-call-iptables";

    /// <summary>The backend to use; null where the machine has none of those that are allowed.</summary>
    public async Task<ProxyBackendKind?> ChooseAsync(ProxyBackendKind wanted, CancellationToken cancel)
    {
        if (wanted is ProxyBackendKind.Auto or ProxyBackendKind.Nftables && await NftablesBackend.IsUsableAsync(machine, cancel))
        {
            return ProxyBackendKind.Nftables;
        }

        if (wanted is ProxyBackendKind.Auto or ProxyBackendKind.Iptables && await new IptablesProgram(machine).IsUsableAsync(cancel))
        {
            return ProxyBackendKind.Iptables;
        }

        return null;
    }

    /// <summary>Lets the machine forward, and lets packets between pods of one bridge through its rules.</summary>
    /// <returns>Whether answers between such pods must come by way of the node, because the kernel does not take bridged packets through rules.</returns>
    public async Task<bool> PrepareAsync(CancellationToken cancel)
    {
        var forwarding = await machine.RunAsync("sysctl", ["-qw", "net.ipv4.ip_forward=1"], "", cancel);
        if (!forwarding.Succeeded)
        {
            LogNoForwarding(forwarding.Error.Trim());
        }

        if (!await HasBridgeRulesAsync(cancel))
        {
            await machine.RunAsync("modprobe", ["br_netfilter"], "", cancel);
            await machine.RunAsync("sysctl", ["-qw", BridgeRules + "=1"], "", cancel);
        }

        return !await HasBridgeRulesAsync(cancel);
    }

    /// <summary>Removes what any backend of the node left, except the one that is used.</summary>
    public async Task RemoveOthersAsync(ProxyBackendKind? used, ProxyNode node, CancellationToken cancel)
    {
        if (used != ProxyBackendKind.Nftables && await NftablesBackend.IsUsableAsync(machine, cancel))
        {
            await new NftablesBackend(machine, node).RemoveAsync(cancel);
        }

        if (used != ProxyBackendKind.Iptables && await new IptablesProgram(machine).IsUsableAsync(cancel))
        {
            await new IptablesBackend(machine, node).RemoveAsync(cancel);
        }

        if (used is null)
        {
            await new ForwardPassage(machine, node).RemoveAsync(cancel);
        }
    }

    private async Task<bool> HasBridgeRulesAsync(CancellationToken cancel) => (await machine.RunAsync("sysctl", ["-n", BridgeRules], "", cancel)).Output.Trim() == "1";

    [LoggerMessage(Level = LogLevel.Warning, Message = "Service proxy: the machine does not forward packets, and was not allowed to begin with it: {Why}")]
    private partial void LogNoForwarding(string why);
}
