using GrainKube.Networking.Proxy.Iptables;

namespace GrainKube.Networking.Proxy.Machine;

/// <summary>
/// Lets forwarded packets of services through a machine whose iptables drop what they do not know, as Docker's do: a chain of ours, called from the chain that Docker leaves to its users (where there
/// is none, from FORWARD if that drops by policy). It accepts what a service's rules have translated and that goes to or comes from this node's pods, and what goes between them and other nodes' pods (several nodes may share a machine, each with a
/// bridge, and Docker keeps bridges apart); nothing of Docker's is touched.
/// </summary>
internal sealed class ForwardPassage(IMachineCommands machine, ProxyNode node)
{
    /// <summary>The chain that Docker calls first and never changes.</summary>
    public const string DockerChain = "DOCKER-USER";

    private readonly IptablesProgram program = new(machine);
    private readonly string chain = ChainOf(new IptNames(node.Name));
    private bool written; // what was found at the start may be of a time when the node had another range

    /// <summary>Name of our chain of the table filter.</summary>
    public static string ChainOf(IptNames names) => names.Prefix + "FORWARD";

    /// <summary>Opens it where that is needed; cheap where it is open. On a machine without iptables there is nothing to open.</summary>
    /// <exception cref="MachineException">iptables refused.</exception>
    public async Task EnsureAsync(CancellationToken cancel)
    {
        if (await CallerAsync(cancel) is not { } caller)
        {
            return;
        }

        if (!written || (await program.RulesAsync("filter", chain, cancel)).Count < 5)
        {
            await program.RestoreAsync(
                $"""
                *filter
                :{chain} - [0:0]
                -A {chain} -d {node.PodRange} -m conntrack --ctstate DNAT -j ACCEPT
                -A {chain} -s {node.PodRange} -m conntrack --ctstate DNAT -j ACCEPT
                -A {chain} -s {node.ClusterRange} -d {node.PodRange} -j ACCEPT
                -A {chain} -s {node.PodRange} -d {node.ClusterRange} -j ACCEPT
                COMMIT

                """,
                cancel);
            written = true;
        }

        await program.EnsureFirstAsync("filter", caller, ["-j", chain], cancel);
    }

    /// <summary>Closes it; succeeds where it is closed.</summary>
    public async Task RemoveAsync(CancellationToken cancel)
    {
        await program.DeleteAsync("filter", DockerChain, ["-j", chain], cancel);
        await program.DeleteAsync("filter", "FORWARD", ["-j", chain], cancel);
        if ((await program.RulesAsync("filter", chain, cancel)).Count > 0)
        {
            await program.RestoreAsync($"*filter\n:{chain} - [0:0]\n-X {chain}\nCOMMIT\n", cancel);
        }
    }

    private async Task<string?> CallerAsync(CancellationToken cancel)
    {
        if ((await program.RulesAsync("filter", DockerChain, cancel)).Count > 0)
        {
            return DockerChain;
        }

        return (await program.RulesAsync("filter", "FORWARD", cancel)).Contains("-P FORWARD DROP") ? "FORWARD" : null;
    }
}
