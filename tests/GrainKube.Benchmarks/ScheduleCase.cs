using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace GrainKube.Benchmarks;

/// <summary>A deployment over a thousand simulated nodes, from its POST to the moment when every pod is bound.</summary>
internal static class ScheduleCase
{
    private const int Nodes = 1000;
    private const int Pods = 5000;

    public static async Task RunAsync(string executable, string store, string flags, Table table)
    {
        await using var server = await ServerProcess.StartAsync(executable, $"--runtime simulated --simulated-nodes {Nodes} {flags}");
        using var http = server.NewClient();
        await UntilAsync(http, "/api/v1/nodes?resourceVersion=0", "\"type\":\"Ready\"", Nodes);
        await Load.NamespaceAsync(http, "spread");
        var cost = new Cost(server, http);
        await cost.OfAsync(Pods, () => MeasureAsync(http, store, table));
        table.Add(store, "the same: what the server spends on each", cost.ToString(), "");
    }

    private static async Task MeasureAsync(HttpClient http, string store, Table table)
    {
        var clock = Stopwatch.StartNew();
        await Load.SendAsync(http, HttpMethod.Post, "/apis/apps/v1/namespaces/spread/deployments", Bodies.Deployment("spread", Pods));
        await UntilAsync(http, "/api/v1/namespaces/spread/pods?resourceVersion=0", "\"nodeName\":\"", Pods);
        table.Add(store, $"{Pods} pods of a deployment bound on {Nodes} nodes", string.Create(CultureInfo.InvariantCulture, $"{Pods / clock.Elapsed.TotalSeconds:F0}/s"), "1,150/s");
        await RunningAsync(http);
        table.Add(store, "the same, all Running (simulated)", string.Create(CultureInfo.InvariantCulture, $"{Pods / clock.Elapsed.TotalSeconds:F0}/s"), "");
    }

    private static async Task UntilAsync(HttpClient http, string path, string mark, int count)
    {
        while (true)
        {
            var text = Encoding.UTF8.GetString(await http.GetByteArrayAsync(path));
            var found = 0;
            for (var at = text.IndexOf(mark, StringComparison.Ordinal); at >= 0; at = text.IndexOf(mark, at + mark.Length, StringComparison.Ordinal))
            {
                found++;
            }

            if (found >= count)
            {
                return;
            }

            await Task.Delay(200);
        }
    }

    private static async Task RunningAsync(HttpClient http)
    {
        while (true)
        {
            using var answer = JsonDocument.Parse(await http.GetByteArrayAsync("/apis/apps/v1/namespaces/spread/deployments/spread"));
            if (answer.RootElement.GetProperty("status").TryGetProperty("readyReplicas", out var ready) && ready.GetInt32() >= Pods)
            {
                return;
            }

            await Task.Delay(200);
        }
    }
}
