using System.Net;
using System.Text.Json;

namespace GrainKube.Networking.Proxy.Machine;

/// <summary>The bridge that the node's pods hang on; it belongs to the container engine, which knows nothing of services.</summary>
/// <remarks>
/// Where the kernel takes bridged packets through its rules (it must, or answers between two pods would not be translated back), a packet that goes back to the pod it came from leaves by the port it
/// came in by, which a bridge refuses unless that port is a hairpin. And what a process sends to a node port on 127.0.0.1 leaves over the bridge only where that may route loopback addresses.
/// </remarks>
internal sealed class PodBridge(IMachineCommands machine, string podRange)
{
    private readonly IPNetwork range = IPNetwork.Parse(podRange);

    /// <summary>Whether it is an address on the bridge.</summary>
    public bool Has(string address) => range.Contains(IPAddress.Parse(address));

    /// <summary>Makes the bridge and all its ports fit for services. Cheap, and safe to repeat; to be done whenever pods have come.</summary>
    /// <returns>False where there is no bridge yet.</returns>
    public async Task<bool> PrepareAsync(CancellationToken cancel)
    {
        if (await FindAsync(cancel) is not { } bridge)
        {
            return false;
        }

        await machine.RunAsync("sysctl", ["-qw", $"net.ipv4.conf.{bridge}.route_localnet=1"], "", cancel);
        var ports = await PortsAsync(bridge, cancel);
        if (ports.Count > 0)
        {
            var lines = string.Concat(ports.Select(port => $"link set dev {port} type bridge_slave hairpin on\n"));

            // A port may be gone by now, with its pod: the rest is done nevertheless.
            await machine.RunAsync("ip", ["-force", "-batch", "-"], lines, cancel);
        }

        return true;
    }

    private async Task<string?> FindAsync(CancellationToken cancel)
    {
        var answer = await machine.RunAsync("ip", ["-4", "-j", "address", "show"], "", cancel);
        if (!answer.Succeeded)
        {
            throw MachineException.For("ip", answer);
        }

        using var document = JsonDocument.Parse(answer.Output);
        return document.RootElement.EnumerateArray()
            .Where(link => link.TryGetProperty("addr_info", out var addresses) && addresses.EnumerateArray().Any(IsGateway))
            .Select(link => link.GetProperty("ifname").GetString())
            .FirstOrDefault();
    }

    private bool IsGateway(JsonElement address) =>
        address.GetProperty("prefixlen").GetInt32() == range.PrefixLength && IPAddress.TryParse(address.GetProperty("local").GetString(), out var local) && range.Contains(local);

    private async Task<IReadOnlyList<string>> PortsAsync(string bridge, CancellationToken cancel)
    {
        var answer = await machine.RunAsync("ip", ["-j", "-d", "link", "show", "master", bridge], "", cancel);
        if (!answer.Succeeded)
        {
            return [];
        }

        using var document = JsonDocument.Parse(answer.Output.Trim().Length > 0 ? answer.Output : "[]");
        return [.. document.RootElement.EnumerateArray().Where(NeedsHairpin).Select(link => link.GetProperty("ifname").GetString()!)];
    }

    private static bool NeedsHairpin(JsonElement link) =>
        !(link.TryGetProperty("linkinfo", out var info) && info.TryGetProperty("info_slave_data", out var slave) && slave.TryGetProperty("hairpin", out var on) && on.ValueKind == JsonValueKind.True);
}
