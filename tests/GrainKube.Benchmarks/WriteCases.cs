using System.Diagnostics;
using System.Globalization;

namespace GrainKube.Benchmarks;

/// <summary>Creates, patches, gets, lists and watches.</summary>
internal static class WriteCases
{
    private const int Pods = 10_000;

    public static async Task RunAsync(string executable, string store, string flags, Table table)
    {
        await using var server = await ServerProcess.StartAsync(executable, $"--no-node --controllers *,-podgc {flags}");
        using var http = server.NewClient();
        await Load.NamespaceAsync(http, "warm");
        await Load.MeasureAsync(15_000, 32, i => PostPodAsync(http, "warm", i));
        await Load.NamespaceAsync(http, "bench");
        var create = new Cost(server, http);
        table.Add(store, "create a 2 KB Pod, 32 clients", await create.OfAsync(Pods, () => Load.MeasureAsync(Pods, 32, i => PostPodAsync(http, "bench", i))), store == "etcd" ? "2,000/s" : "2,500/s");
        table.Add(store, "the same: what the server spends on each", create.ToString(), "60 KB");
        table.Add(store, "create a 2 KB Pod, 1 client", await Load.MeasureAsync(1000, 1, i => PostPodAsync(http, "warm", 100_000 + i)), "p50 0.8 ms");
        table.Add(store, "create a 1 KB ConfigMap, 32 clients", await Load.MeasureAsync(5000, 32, i =>
            Load.SendAsync(http, HttpMethod.Post, "/api/v1/namespaces/bench/configmaps", Bodies.ConfigMap($"c-{i}"))), "5,500/s");
        var patch = new Cost(server, http);
        table.Add(store, "patch 100 ConfigMaps, 32 clients", await patch.OfAsync(5000, () => Load.MeasureAsync(5000, 32, i =>
            Load.SendAsync(http, HttpMethod.Patch, $"/api/v1/namespaces/bench/configmaps/c-{i % 100}", $$$"""{"data":{"n":"{{{i}}}"}}""", "application/merge-patch+json"))), "4,500/s");
        table.Add(store, "the same: what the server spends on each", patch.ToString(), "");
        table.Add(store, "get a Pod, 32 clients", await Load.MeasureAsync(20_000, 32, _ => Load.SendAsync(http, HttpMethod.Get, "/api/v1/namespaces/bench/pods/p-1")), "17,000/s");
        await Load.SendAsync(http, HttpMethod.Get, "/api/v1/namespaces/bench/pods");
        table.Add(store, "list 10,000 Pods, 1 client", await Load.MeasureAsync(20, 1, _ => Load.SendAsync(http, HttpMethod.Get, "/api/v1/namespaces/bench/pods")), "p50 50 ms");
        table.Add(store, "resident with 26,000 Pods", string.Create(CultureInfo.InvariantCulture, $"{server.ResidentBytes / 1e6:F0} MB"), "500 MB");
        table.Add(store, "watch: 1,000 watchers, 200 changes", await WatchAsync(server, http), "p99 10 ms");
    }

    private static Task PostPodAsync(HttpClient http, string ns, int i) => Load.SendAsync(http, HttpMethod.Post, $"/api/v1/namespaces/{ns}/pods", Bodies.Pod($"p-{i}"));

    private static async Task<string> WatchAsync(ServerProcess server, HttpClient http)
    {
        const int watchers = 1000;
        const int changes = 200;
        await Load.NamespaceAsync(http, "watched");
        await Load.SendAsync(http, HttpMethod.Post, "/api/v1/namespaces/watched/configmaps", Bodies.ConfigMap("w"));
        using var client = server.NewClient(System.Net.HttpVersion.Version11);
        using var stop = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        var sent = new long[changes];
        var latencies = new List<double>(changes);
        var (open, seen) = (0, 0L);
        var cpu = server.Cpu;
        var all = Enumerable.Range(0, watchers).Select(async index =>
        {
            using var answer = await client.GetAsync("/api/v1/namespaces/watched/configmaps?watch=1", HttpCompletionOption.ResponseHeadersRead, stop.Token);
            using var lines = new StreamReader(await answer.Content.ReadAsStreamAsync(stop.Token));
            Interlocked.Increment(ref open);
            for (var mine = 0; mine < changes && await lines.ReadLineAsync(stop.Token) is { } line;)
            {
                var at = line.IndexOf("\"seq\":\"", StringComparison.Ordinal);
                if (at < 0)
                {
                    continue;
                }

                mine++;
                Interlocked.Increment(ref seen);
                if (index == 0)
                {
                    var number = int.Parse(line.AsSpan(at + 7, line.IndexOf('"', at + 7) - at - 7), CultureInfo.InvariantCulture);
                    latencies.Add(Stopwatch.GetElapsedTime(Volatile.Read(ref sent[number])).TotalMilliseconds);
                }
            }
        }).ToList();
        while (Volatile.Read(ref open) < watchers)
        {
            await Task.Delay(20);
        }

        cpu = server.Cpu;
        var clock = Stopwatch.StartNew();
        for (var i = 0; i < changes; i++)
        {
            Volatile.Write(ref sent[i], Stopwatch.GetTimestamp());
            await Load.SendAsync(http, HttpMethod.Patch, "/api/v1/namespaces/watched/configmaps/w", $$$"""{"data":{"seq":"{{{i}}}"}}""", "application/merge-patch+json");
        }

        await Task.WhenAll(all);
        var (seconds, busy) = (clock.Elapsed.TotalSeconds, (server.Cpu - cpu).TotalSeconds);
        latencies.Sort();
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{seen / seconds:F0} events/s, {seen / busy:F0} per CPU second, p50 {latencies[latencies.Count / 2]:F1} ms, p99 {latencies[(int)(latencies.Count * 0.99)]:F1} ms");
    }
}
