using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace GrainKube.Benchmarks;

/// <summary>Second start to node Ready, and what an idle node costs.</summary>
internal static class StartCase
{
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(20);

    public static async Task RunAsync(string executable, string store, string flags, Table table)
    {
        string directory;
        await using (var first = await ServerProcess.StartAsync(executable, $"--runtime simulated {flags}", keep: true))
        {
            directory = first.Directory;
            using var http = first.NewClient();
            await ReadyAsync(http);
        }

        var clock = Stopwatch.StartNew();
        await using var server = await ServerProcess.StartAsync(executable, $"--runtime simulated {flags}", directory);
        using var client = server.NewClient();
        await ReadyAsync(client);
        table.Add(store, "second start to node Ready", Text($"{clock.Elapsed.TotalSeconds:F2} s"), "3 s");
        await Task.Delay(TimeSpan.FromSeconds(10));
        var (cpu, at) = (server.Cpu, Stopwatch.GetTimestamp());
        await Task.Delay(Idle);
        table.Add(store, "idle: CPU of one core", Text($"{(server.Cpu - cpu) / Stopwatch.GetElapsedTime(at) * 100:F2} %"), "2 %");
        table.Add(store, "idle: resident", Text($"{server.ResidentBytes / 1e6:F0} MB"), "200 MB");
    }

    private static async Task ReadyAsync(HttpClient http)
    {
        while (true)
        {
            using var answer = await http.GetAsync("/api/v1/nodes/bench");
            if (answer.IsSuccessStatusCode)
            {
                using var node = JsonDocument.Parse(await answer.Content.ReadAsByteArrayAsync());
                if (node.RootElement.TryGetProperty("status", out var status) && status.TryGetProperty("conditions", out var conditions)
                    && conditions.EnumerateArray().Any(c => c.GetProperty("type").GetString() == "Ready" && c.GetProperty("status").GetString() == "True"))
                {
                    return;
                }
            }

            await Task.Delay(20);
        }
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
