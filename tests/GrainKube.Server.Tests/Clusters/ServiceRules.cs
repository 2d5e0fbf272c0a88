using System.Security.Cryptography;
using System.Text;

namespace GrainKube.Server.Tests.Clusters;

/// <summary>What a node's service proxy made on this machine, asked by the machine's own programs.</summary>
internal static class ServiceRules
{
    /// <summary>The node's nftables table; empty where there is none.</summary>
    public static async Task<string> TableAsync(string node) => (await Command.RunAsync("nft", ["list", "table", "ip", "grainkube-" + node])).Output;

    /// <summary>The node's rules of iptables.</summary>
    public static async Task<IReadOnlyList<string>> ChainsAsync(string node)
    {
        var prefix = "GK" + Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(node)))[..6] + "-";
        return [.. (await Command.RunAsync("iptables-save", [])).Ok().Split('\n').Where(line => line.Contains(prefix, StringComparison.Ordinal))];
    }

    /// <summary>Removes them all.</summary>
    public static async Task RemoveAsync(string node)
    {
        var table = "grainkube-" + node;
        await Command.RunAsync("nft", ["-f", "-"], $"add table ip {table}\ndelete table ip {table}\n");
        foreach (var rule in await ChainsAsync(node))
        {
            // Rules before chains, and those that lead there before those that are there.
            if (rule.StartsWith("-A ", StringComparison.Ordinal) && !rule.StartsWith("-A GK", StringComparison.Ordinal))
            {
                await EverywhereAsync(["-D", .. rule.Split(' ')[1..]]);
            }
        }

        var chains = (await ChainsAsync(node)).Where(rule => rule.StartsWith(':')).Select(rule => rule[1..].Split(' ')[0]).ToList();
        foreach (var verb in new[] { "-F", "-X" })
        {
            foreach (var chain in chains)
            {
                await EverywhereAsync([verb, chain]);
            }
        }
    }

    private static async Task EverywhereAsync(string[] command)
    {
        await Command.RunAsync("iptables", ["-w", "5", "-t", "filter", .. command]);
        await Command.RunAsync("iptables", ["-w", "5", "-t", "nat", .. command]);
    }
}
