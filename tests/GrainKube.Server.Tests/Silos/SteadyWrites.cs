using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Text.Json.Nodes;

namespace GrainKube.Server.Tests.Silos;

/// <summary>Creates ConfigMaps through gateways without a pause, and remembers which were acknowledged and how long the longest silence was.</summary>
internal sealed class SteadyWrites
{
    private readonly CancellationTokenSource stop = new();
    private readonly Task[] writers;
    private readonly string tag = Guid.NewGuid().ToString("N")[..6];
    private long longestGap;

    public SteadyWrites(params IEnumerable<Silo> gateways) => writers = [.. gateways.Select(gateway => Task.Run(() => WriteAsync(gateway)))];

    public ConcurrentDictionary<string, bool> Acknowledged { get; } = [];

    public ConcurrentBag<HttpStatusCode> Refusals { get; } = [];

    public TimeSpan LongestGap => TimeSpan.FromTicks(Interlocked.Read(ref longestGap));

    public async Task StopAsync()
    {
        await stop.CancelAsync();
        await Task.WhenAll(writers);
    }

    private async Task WriteAsync(Silo gateway)
    {
        var silence = Stopwatch.StartNew();
        for (var i = 0; !stop.IsCancellationRequested; i++)
        {
            var name = $"w-{tag}-{gateway.Name}-{i}";
            var code = await gateway.SendAsync(HttpMethod.Post, "/api/v1/namespaces/default/configmaps", new JsonObject
            {
                ["apiVersion"] = "v1", ["kind"] = "ConfigMap", ["metadata"] = new JsonObject { ["name"] = name },
            });
            if (code == HttpStatusCode.Created)
            {
                Acknowledged[name] = true;
                InterlockedMax(silence.Elapsed.Ticks);
                silence.Restart();
            }
            else
            {
                Refusals.Add(code);
            }
        }

        InterlockedMax(silence.Elapsed.Ticks);
    }

    private void InterlockedMax(long ticks)
    {
        long seen;
        while (ticks > (seen = Interlocked.Read(ref longestGap)) && Interlocked.CompareExchange(ref longestGap, ticks, seen) != seen)
        {
        }
    }
}
