namespace GrainKube.Networking.Proxy.Machine;

/// <summary>iptables as this machine has it. Every call waits for the lock that programs of the old kind share.</summary>
internal sealed class IptablesProgram(IMachineCommands machine)
{
    private static readonly string[] Wait = ["-w", "5"];

    public async Task<bool> IsUsableAsync(CancellationToken cancel) => (await machine.RunAsync("iptables", [.. Wait, "-t", "nat", "-S", "POSTROUTING"], "", cancel)).Succeeded;

    /// <exception cref="MachineException">It refused; nothing was changed in the table at fault.</exception>
    public async Task RestoreAsync(string script, CancellationToken cancel)
    {
        var result = await machine.RunAsync("iptables-restore", ["--noflush", .. Wait], script, cancel);
        if (!result.Succeeded)
        {
            throw MachineException.For("iptables-restore", result);
        }
    }

    /// <summary>Names of a table's chains, built-in ones too.</summary>
    public async Task<IReadOnlyList<string>> ChainsAsync(string table, CancellationToken cancel) =>
        [.. (await RulesAsync(table, null, cancel)).Where(l => l.StartsWith("-N ", StringComparison.Ordinal) || l.StartsWith("-P ", StringComparison.Ordinal)).Select(l => l.Split(' ')[1])];

    /// <summary>Rules of a chain (of a table where it is null) as the program writes them; none where it is not there.</summary>
    public async Task<IReadOnlyList<string>> RulesAsync(string table, string? chain, CancellationToken cancel)
    {
        var result = await machine.RunAsync("iptables", [.. Wait, "-t", table, "-S", .. chain is null ? Array.Empty<string>() : [chain]], "", cancel);
        return result.Succeeded ? result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries) : [];
    }

    /// <summary>Makes a rule the first of a chain unless the chain has it.</summary>
    /// <returns>False where it was there.</returns>
    public async Task<bool> EnsureFirstAsync(string table, string chain, string[] rule, CancellationToken cancel)
    {
        if ((await machine.RunAsync("iptables", [.. Wait, "-t", table, "-C", chain, .. rule], "", cancel)).Succeeded)
        {
            return false;
        }

        var result = await machine.RunAsync("iptables", [.. Wait, "-t", table, "-I", chain, "1", .. rule], "", cancel);
        return result.Succeeded ? true : throw MachineException.For("iptables", result);
    }

    /// <summary>Removes a rule as often as it is there.</summary>
    public async Task DeleteAsync(string table, string chain, string[] rule, CancellationToken cancel)
    {
        while ((await machine.RunAsync("iptables", [.. Wait, "-t", table, "-D", chain, .. rule], "", cancel)).Succeeded)
        {
        }
    }
}
