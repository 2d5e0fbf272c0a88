using GrainKube.Networking.Dns.Hosting;

namespace GrainKube.Server.Tests.Clusters;

/// <summary>The Docker engine, asked by its own client.</summary>
internal static class Engine
{
    /// <summary>The node's containers: id, start time and restart count of each, in order.</summary>
    public static async Task<IReadOnlyList<string>> ContainersOfAsync(string node)
    {
        while (true)
        {
            var ids = await IdsAsync("ps", "-aq", "--no-trunc", node);
            if (ids.Length == 0)
            {
                return [];
            }

            var found = await Command.RunAsync("docker", ["inspect", "-f", "{{.Id}} {{.State.StartedAt}} {{.State.Running}} {{.RestartCount}}", .. ids]);
            if (!found.Error.Contains("No such object", StringComparison.Ordinal))
            {
                return [.. Lines(found.Ok()).Order(StringComparer.Ordinal)];
            }

            // Removed since it was listed: the list is asked for again.
        }
    }

    /// <summary>Removes the node's containers, its network and the interface of its DNS.</summary>
    public static async Task RemoveNodeAsync(string node)
    {
        foreach (var container in await IdsAsync("ps", "-aq", "--no-trunc", node))
        {
            await Command.RunAsync("docker", ["rm", "-f", "-v", container]);
        }

        foreach (var network in await IdsAsync("network", "ls", "-q", node))
        {
            await Command.RunAsync("docker", ["network", "rm", network]);
        }

        await Command.RunAsync("ip", ["link", "del", DnsRegistration.InterfaceFor(node)]);
    }

    public static async Task<string> DockerAsync(params string[] arguments) => (await Command.RunAsync("docker", arguments)).Ok();

    private static async Task<string[]> IdsAsync(string command, string option, string secondOption, string node) =>
        Lines(await DockerAsync(command, option, secondOption, "--filter", $"label=grainkube.io/node={node}"));

    private static string[] Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
