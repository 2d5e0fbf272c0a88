using GrainKube.Server.Tests.Clusters;
using GrainKube.Server.Tests.Samples;
using Xunit.Abstractions;

namespace GrainKube.Server.Tests.Chaos;

/// <summary>
/// Harm at random. GRAINKUBE_CHAOS_SECONDS says for how long, 40 without it; GRAINKUBE_CHAOS_SEED throws the same dice again;
/// GRAINKUBE_CHAOS_ENGINE_RESTART is a command that restarts the engine, which is part of it only then.
/// </summary>
public sealed class ChaosTests(ITestOutputHelper output)
{
    /// <summary>Containers that were killed several times wait longer and longer before they are started again.</summary>
    private static readonly TimeSpan Recovery = TimeSpan.FromMinutes(3);

    [Fact]
    public async Task After_kills_and_changes_at_random_the_machine_has_what_the_api_wants_and_nothing_else()
    {
        var seed = Environment.GetEnvironmentVariable("GRAINKUBE_CHAOS_SEED") is { Length: > 0 } given ? int.Parse(given, null) : Random.Shared.Next();
        await using var cluster = await ServerCluster.StartAsync("--service-proxy", "nftables");
        var chaos = new ChaosRun(cluster, cluster.Kubectl(), seed);
        try
        {
            await chaos.RunAsync(Settings.Seconds("GRAINKUBE_CHAOS_SECONDS", 40));
            await Eventually.GetAsync(
                async () => string.Join('\n', await Differences.FindAsync(cluster, chaos)), found => found.Length == 0, "the machine is as the API wants it", Recovery);
        }
        catch
        {
            output.WriteLine($"Seed {seed}\n{chaos.Story}\n{cluster.Log}");
            throw;
        }
    }
}
