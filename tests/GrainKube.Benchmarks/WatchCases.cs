using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;

namespace GrainKube.Benchmarks;

/// <summary>A thousand watchers of one object: on a connection each, and as streams of few connections, which is how Kubernetes' own clients do it. Latency is from before a change is sent until a watcher has read it, of every watcher.</summary>
internal static class WatchCases
{
    private const int Watchers = 1000;
    private const int Changes = 200;
    private const string Path = "/api/v1/namespaces/watched/configmaps";

    public static async Task RunAsync(string executable, string store, string flags, Table table)
    {
        await using var server = await ServerProcess.StartAsync(executable, $"--no-node {flags}");
        using var http = server.NewClient();
        await Load.NamespaceAsync(http, "watched");
        await Load.SendAsync(http, HttpMethod.Post, Path, Bodies.ConfigMap("w"));
        table.Add("", "one event to 1,000 bare TCP connections", await BareFanOut.MeasureAsync(Watchers), "");
        foreach (var (version, how) in new[] { (HttpVersion.Version11, "a connection each"), (HttpVersion.Version20, "HTTP/2") })
        {
            table.Add(store, $"watch: 1,000 watchers, {how}, 200 changes", await MeasureAsync(server, http, version, pause: TimeSpan.Zero), "p99 10 ms");
            table.Add(store, $"watch: 1,000 watchers, {how}, 10 changes a second", await MeasureAsync(server, http, version, pause: TimeSpan.FromMilliseconds(100)), "p99 10 ms");
        }
    }

    private static async Task<string> MeasureAsync(ServerProcess server, HttpClient http, Version version, TimeSpan pause)
    {
        using var client = server.NewClient(version);
        using var stop = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        var sent = new long[Changes];
        var latencies = new ConcurrentBag<double>();
        var open = 0;
        var all = Enumerable.Range(0, Watchers).Select(async _ =>
        {
            using var answer = await client.GetAsync(Path + "?watch=1", HttpCompletionOption.ResponseHeadersRead, stop.Token);
            using var lines = new StreamReader(await answer.Content.ReadAsStreamAsync(stop.Token));
            Interlocked.Increment(ref open);
            for (var mine = 0; mine < Changes && await lines.ReadLineAsync(stop.Token) is { } line;)
            {
                // A watch begins with what is there: a change is one of this run only if it was sent in it.
                if (NumberIn(line) is { } number && Volatile.Read(ref sent[number]) is var start and > 0)
                {
                    mine++;
                    latencies.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
                }
            }
        }).ToList();
        while (Volatile.Read(ref open) < Watchers && !all.Any(watcher => watcher.IsFaulted))
        {
            await Task.Delay(20);
        }

        await Task.Delay(500);
        var cpu = server.Cpu;
        var clock = Stopwatch.StartNew();
        for (var i = 0; i < Changes; i++)
        {
            Volatile.Write(ref sent[i], Stopwatch.GetTimestamp());
            await Load.SendAsync(http, HttpMethod.Patch, Path + "/w", $$$"""{"data":{"seq":"{{{i}}}"}}""", "application/merge-patch+json");
            if (pause > TimeSpan.Zero)
            {
                await Task.Delay(pause);
            }
        }

        await Task.WhenAll(all);
        var (seconds, busy) = (clock.Elapsed.TotalSeconds, (server.Cpu - cpu).TotalSeconds);
        var sorted = latencies.Order().ToList();
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{sorted.Count / seconds:F0} events/s, {sorted.Count / busy:F0} per CPU second, p50 {sorted[sorted.Count / 2]:F1} ms, p99 {sorted[(int)(sorted.Count * 0.99)]:F1} ms");
    }

    private static int? NumberIn(string line)
    {
        const string Marker = "\"seq\":\"";
        var at = line.IndexOf(Marker, StringComparison.Ordinal);
        return at < 0 ? null : int.Parse(line.AsSpan(at + Marker.Length, line.IndexOf('"', at + Marker.Length) - at - Marker.Length), CultureInfo.InvariantCulture);
    }
}
