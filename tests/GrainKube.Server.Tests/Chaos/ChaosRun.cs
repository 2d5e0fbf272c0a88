using System.Diagnostics;
using GrainKube.Server.Tests.Clusters;
using GrainKube.Server.Tests.Kubectl;

namespace GrainKube.Server.Tests.Chaos;

/// <summary>Does harm at random, and remembers what the API was asked to have. One seed does the same in the same order.</summary>
internal sealed class ChaosRun(ServerCluster cluster, KubectlClient kubectl, int seed)
{
    private const int Slots = 3;
    private static readonly TimeSpan BetweenKills = TimeSpan.FromSeconds(8);
    private readonly string? engineRestart = Environment.GetEnvironmentVariable("GRAINKUBE_CHAOS_ENGINE_RESTART");
    private readonly Random random = new(seed);
    private readonly List<string> done = [];
    private Stopwatch sinceKill = Stopwatch.StartNew();

    /// <summary>Replicas of each application that was asked for, by its name.</summary>
    public SortedDictionary<string, int> Wanted { get; } = new(StringComparer.Ordinal);

    /// <summary>Every name that was ever asked for, and a few more.</summary>
    public static IEnumerable<string> Names => from kind in new[] { "web", "db", "job" } from slot in Enumerable.Range(0, Slots) select $"{kind}-{slot}";

    /// <summary>What was done, a line each.</summary>
    public string Story => string.Join('\n', done);

    public async Task RunAsync(TimeSpan length)
    {
        for (var clock = Stopwatch.StartNew(); clock.Elapsed < length;)
        {
            await StepAsync();
        }

        // Whatever the dice said: at least one kill is part of it, and one as the last thing.
        await KillServerAsync();
    }

    private Task StepAsync() => random.Next(10) switch
    {
        < 4 => CreateOrScaleAsync(),
        < 6 => DeleteAsync(),
        < 7 => DeletePodAsync(),
        < 9 => KillContainerAsync(),
        _ => sinceKill.Elapsed < BetweenKills ? KillContainerAsync() : random.Next(3) == 0 && engineRestart is not null ? RestartEngineAsync() : KillServerAsync(),
    };

    private async Task CreateOrScaleAsync()
    {
        var name = Names.ElementAt(random.Next(Slots * 3));
        var replicas = random.Next(1, 4);
        Note($"apply {name} {replicas}");
        if (name.StartsWith("job", StringComparison.Ordinal))
        {
            await kubectl.ApplyAsync(ChaosManifests.Job(name));
            Wanted[name] = 0;
            return;
        }

        await kubectl.ApplyAsync(name.StartsWith("web", StringComparison.Ordinal) ? ChaosManifests.Web(name, replicas) : ChaosManifests.Database(name, replicas));
        Wanted[name] = replicas;
    }

    private async Task DeleteAsync()
    {
        if (Wanted.Count == 0)
        {
            return;
        }

        var name = Wanted.Keys.ElementAt(random.Next(Wanted.Count));
        Note($"delete {name}");
        string[] items = name.StartsWith("job", StringComparison.Ordinal) ? [$"job/{name}"]
            : [$"service/{name}", name.StartsWith("web", StringComparison.Ordinal) ? $"deployment/{name}" : $"statefulset/{name}"];
        await kubectl.OkAsync(["delete", .. items, "--wait=false"]);
        Wanted.Remove(name);
    }

    private async Task DeletePodAsync()
    {
        var pods = (await kubectl.GetAsync("pods", "{.items[*].metadata.name}")).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (pods.Length == 0)
        {
            return;
        }

        var pod = pods[random.Next(pods.Length)];
        string[] how = random.Next(2) == 0 ? ["--wait=false"] : ["--grace-period=0", "--force", "--wait=false"];
        Note($"delete pod {pod} {how[0]}");
        await kubectl.OkAsync(["delete", "pod", pod, "--ignore-not-found", .. how]);
    }

    /// <summary>Kills or removes a container or a sandbox behind everybody's back.</summary>
    private async Task KillContainerAsync()
    {
        var ids = (await Engine.DockerAsync("ps", "-q", "--filter", $"label=grainkube.io/node={cluster.NodeName}")).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        if (ids.Length == 0)
        {
            return;
        }

        var id = ids[random.Next(ids.Length)];
        string[] how = random.Next(3) == 0 ? ["rm", "-f", id] : ["kill", id];
        Note($"docker {string.Join(' ', how)}");
        await Command.RunAsync("docker", how); // it may have ended by itself
    }

    private async Task KillServerAsync()
    {
        Note("kill grainkube");
        await cluster.KillProcessAsync();
        await cluster.StartProcessAsync();
        sinceKill = Stopwatch.StartNew();
    }

    /// <summary>Only where somebody said how: others may use the engine.</summary>
    private async Task RestartEngineAsync()
    {
        Note("restart the engine");
        (await Command.RunAsync("sh", ["-c", engineRestart!])).Ok();
        sinceKill = Stopwatch.StartNew();
    }

    private void Note(string what) => done.Add($"{TimeProvider.System.GetUtcNow():HH:mm:ss.fff} {what}");
}
