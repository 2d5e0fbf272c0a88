using System.Collections.Concurrent;
using System.Globalization;
using GrainKube.Fuzz.Tests.World;
using Xunit;

namespace GrainKube.Fuzz.Tests;

public sealed class GatewayFuzzTests(FuzzWorld world) : IClassFixture<FuzzWorld>
{
    private const int Clients = 8;
    private const int Rounds = 4;
    private const int Cases = 100_000;

    /// <summary>What the last half may leave behind: the watch cache keeps ten minutes of changes, grains of objects live for two.</summary>
    private const long Growth = 48 << 20;

    // GRAINKUBE_FUZZ_SEED gives other requests, GRAINKUBE_FUZZ_CASES more or fewer of them.
    private static readonly int Seed = Setting("GRAINKUBE_FUZZ_SEED", 20_260);

    [Fact]
    public async Task Whatever_a_client_sends_no_request_fails_hangs_or_is_remembered()
    {
        var clients = await Task.WhenAll(Enumerable.Range(0, Clients).Select(i => world.NewClientAsync(Seed + i)));
        var complaints = new ConcurrentBag<(string What, string Case)>();
        var used = new List<long>();
        for (var round = 0; round < Rounds; round++)
        {
            await Task.WhenAll(clients.Select(client => Task.Run(async () =>
            {
                for (var i = 0; i < Setting("GRAINKUBE_FUZZ_CASES", Cases) / Clients / Rounds; i++)
                {
                    var next = client.Next();
                    if (await world.ComplaintAsync(next) is { } complaint)
                    {
                        complaints.Add((complaint, next.ToString()));
                    }
                }
            })));
            used.Add(GC.GetTotalMemory(forceFullCollection: true));
        }

        Assert.True(complaints.IsEmpty, $"{complaints.Count} requests went wrong (seed {Seed}), among them:\n{Report(complaints)}");
        var bound = used[Rounds / 2 - 1] + Growth;
        used.Add(await SettledAsync(bound));
        Assert.True(used[^1] < bound, $"memory grows: {string.Join(", ", used.Select(u => $"{u >> 20} MiB"))}");
    }

    /// <summary>
    /// Bytes in use, once they are fewer than that, or at last. The runtime's pools keep large buffers for each thread, of which a busy machine has more than a quick one, until half a minute after
    /// their last use: they are no growth.
    /// </summary>
    private static async Task<long> SettledAsync(long bound)
    {
        for (var looks = 1; ; looks++)
        {
            var used = GC.GetTotalMemory(forceFullCollection: true);
            if (used < bound || looks == 20)
            {
                return used;
            }

            await Task.Delay(TimeSpan.FromSeconds(5), TimeProvider.System);
        }
    }

    // One of each: those of one cause fail in the same line.
    private static string Report(IEnumerable<(string What, string Case)> complaints) => string.Join(
        "\n\n",
        complaints.GroupBy(c => (c.What[..Math.Min(3, c.What.Length)], c.What.Split("\n   at ").ElementAtOrDefault(1))).OrderByDescending(g => g.Count())
            .Select(g => $"{g.Count()} times: {g.First().What}\n  {Cut(g.MinBy(c => c.Case.Length).Case)}"));

    private static string Cut(string text) => text.Length > 3000 ? text[..3000] + "…" : text;

    private static int Setting(string name, int otherwise) => int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out var set) ? set : otherwise;
}
