using GrainKube.Docker.Tests.Engine;
using GrainKube.Kubelet.Runtime;

namespace GrainKube.Docker.Tests.Events;

public sealed class EngineEventsTests(EngineFixture engine) : IClassFixture<EngineFixture>
{
    [Fact]
    public async Task Starts_ends_and_removals_wake_the_pod_up()
    {
        var pod = await TestPod.StartAsync(engine);
        using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(120));
        await using var events = engine.Runtime.WatchAsync(stop.Token).GetAsyncEnumerator(stop.Token);
        var next = events.MoveNextAsync();

        var id = await pod.RunAsync(pod.Script("true"));
        await pod.EndOfAsync(id);
        await engine.Runtime.Containers.RemoveAsync(id, CancellationToken.None);

        var seen = new List<RuntimeEvent>();
        while (await next && seen.Count < 3)
        {
            if (events.Current.ContainerId == id)
            {
                seen.Add(events.Current);
            }

            if (seen.Count == 3)
            {
                break;
            }

            next = events.MoveNextAsync();
        }

        Assert.Equal([RuntimeEventKind.Started, RuntimeEventKind.Died, RuntimeEventKind.Removed], seen.Select(item => item.Kind));
        Assert.All(seen, item => Assert.Equal(pod.Uid, item.PodUid));
    }

    [Fact]
    public async Task Watching_can_be_given_up()
    {
        using var stop = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var _ in engine.Runtime.WatchAsync(stop.Token))
            {
                // Only the end matters.
            }
        });
    }

    [Fact]
    public async Task A_cut_connection_is_made_again_and_told()
    {
        await using var relay = new SocketRelay("/var/run/docker.sock");
        await using var node = new OtherNode($"unix://{relay.Path}");
        using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(120));
        await using var events = node.Runtime.WatchAsync(stop.Token).GetAsyncEnumerator(stop.Token);
        var next = events.MoveNextAsync();
        await Eventually.TrueAsync(() => Task.FromResult(relay.Connections > 0));

        relay.Cut();

        Assert.True(await next);
        Assert.Equal(RuntimeEventKind.Resync, events.Current.Kind);
    }
}
