using System.Diagnostics;
using System.Globalization;
using GrainKube.Testing.Clusters;

namespace GrainKube.Benchmarks;

/// <summary>Start of a cluster inside this process, as a test does it: the first one, and the median of ten that follow.</summary>
internal static class ClusterCase
{
    private const int Further = 10;

    public static async Task RunAsync(Table table)
    {
        var first = await StartAsync();
        var next = new List<TimeSpan>();
        for (var i = 0; i < Further; i++)
        {
            next.Add(await StartAsync());
        }

        table.Add("memory", "in-process cluster: the first", Text(first), "1 s");
        table.Add("memory", "in-process cluster: the next", Text(next.Order().ElementAt(Further / 2)), "100 ms");
        table.Print();
    }

    private static async Task<TimeSpan> StartAsync()
    {
        var clock = Stopwatch.StartNew();
        var cluster = await GrainKubeCluster.StartAsync();
        var took = clock.Elapsed;
        await cluster.DisposeAsync();
        return took;
    }

    private static string Text(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalMilliseconds:F0} ms");
}
