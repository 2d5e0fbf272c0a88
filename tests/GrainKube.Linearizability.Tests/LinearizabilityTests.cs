using GrainKube.Linearizability.Tests.Checking;
using GrainKube.Linearizability.Tests.World;
using Xunit;
using Xunit.Abstractions;

namespace GrainKube.Linearizability.Tests;

public sealed class LinearizabilityTests(TwoGateways world, ITestOutputHelper output) : IClassFixture<TwoGateways>
{
    private const int Writers = 8;
    private const int Watchers = 4;
    private const int Operations = 800;

    [Fact]
    public async Task What_clients_of_two_gateways_see_is_one_story_although_the_store_fails()
    {
        var watchers = Enumerable.Range(0, Watchers).Select(i => new Watcher(i, world.Clients[i % 2])).ToList();
        await Task.WhenAll(watchers.Select(BeginAsync));
        var writers = Enumerable.Range(0, Writers).Select(i => new Writer(i, world.Clients[i % 2])).ToList();
        long end = 0;
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(5));
        var watching = Task.WhenAll(watchers.Select(w => Task.Run(() => w.RunAsync(() => Volatile.Read(ref end), patience.Token))));

        await Task.WhenAll(writers.Select(w => Task.Run(() => w.RunAsync(Operations))));
        world.Heal();
        var truth = new Truth(await world.ChangesAsync());
        Volatile.Write(ref end, truth.Changes[^1].Revision);
        await watching;

        var operations = writers.SelectMany(w => w.Operations).ToList();
        output.WriteLine($"{operations.Count} operations, {truth.Changes.Count} changes, {world.Faults} faults, {watchers.Sum(w => w.Resumptions)} resumptions");
        output.WriteLine(string.Join(", ", operations.CountBy(o => o.Outcome).Select(o => $"{o.Key} {o.Value}")));
        IReadOnlyList<string> findings = [.. HistoryChecker.Check(truth, operations), .. watchers.Select(watcher => WatchChecker.Check(truth, watcher.After, watcher.Events)).OfType<string>()];
        Assert.True(findings.Count == 0, string.Join('\n', findings));

        // That it was no fair weather.
        Assert.True(world.Faults > 100 && operations.Any(o => o.Outcome == History.Outcome.Unknown) && operations.Any(o => o.Outcome == History.Outcome.Conflict));
    }

    // The store fails here, too.
    private static async Task BeginAsync(Watcher watcher)
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                await watcher.BeginAsync();
                return;
            }
            catch (HttpRequestException) when (attempt < 20)
            {
                // once more
            }
        }
    }
}
