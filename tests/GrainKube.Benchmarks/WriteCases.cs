using System.Globalization;

namespace GrainKube.Benchmarks;

/// <summary>Creates, patches, gets and lists.</summary>
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
    }

    private static Task PostPodAsync(HttpClient http, string ns, int i) => Load.SendAsync(http, HttpMethod.Post, $"/api/v1/namespaces/{ns}/pods", Bodies.Pod($"p-{i}"));
}
