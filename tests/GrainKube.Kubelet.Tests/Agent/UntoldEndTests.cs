using System.Runtime.CompilerServices;
using GrainKube.Kubelet.Runtime;

namespace GrainKube.Kubelet.Tests.Agent;

public sealed class UntoldEndTests
{
    [Fact]
    public async Task A_container_that_ended_without_an_event_is_seen_at_the_next_relist()
    {
        await using var node = new TestNode(through: runtime => new SilentRuntime(runtime));
        await node.Agent.StartAsync();
        node.Apply("""{"restartPolicy":"Never","containers":[{"name":"web","image":"nginx"}]}""");
        await node.UntilAsync(s => s["phase"]!.GetValue<string>() == "Running");

        await node.Runtime.Containers.StopAsync((await node.ContainersAsync())[0].Id, TimeSpan.Zero, CancellationToken.None);
        await node.UntilAsync(() =>
        {
            node.Time.Advance(TimeSpan.FromSeconds(5));
            return node.Status()!["phase"]!.GetValue<string>() is "Succeeded" or "Failed";
        });
    }

    /// <summary>Does everything and tells nothing.</summary>
    private sealed class SilentRuntime(IContainerRuntime inner) : SeenRuntime(inner)
    {
        public override async IAsyncEnumerable<RuntimeEvent> WatchAsync([EnumeratorCancellation] CancellationToken cancel)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancel);
            yield break;
        }
    }
}
