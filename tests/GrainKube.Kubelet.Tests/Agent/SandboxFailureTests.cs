using GrainKube.Kubelet.Runtime;

namespace GrainKube.Kubelet.Tests.Agent;

public sealed class SandboxFailureTests
{
    [Fact]
    public async Task A_sandbox_that_cannot_be_made_is_tried_again_later_and_not_whenever_the_pod_is_looked_at()
    {
        Refusing? runtime = null;
        await using var node = new TestNode(through: inner => runtime = new Refusing(inner));
        await node.Agent.StartAsync();
        node.Apply("""{"containers":[{"name":"web","image":"nginx"}]}""");
        await node.UntilAsync(() => Told(node) == 1);
        for (var looks = 0; looks < 5; looks++)
        {
            node.Agent.WakeAll(); // as an engine does that tells of the end of each try
            await Task.Yield();
        }

        node.Time.Advance(TimeSpan.FromSeconds(1));
        await node.UntilAsync(() => Told(node) == 2);
        Assert.Equal(2, runtime!.Tries);

        runtime.Works = true;
        await node.UntilAsync(() =>
        {
            node.Time.Advance(TimeSpan.FromSeconds(1));
            return (string?)node.Status()!["phase"] == "Running";
        });
    }

    private static int Told(TestNode node) => node.View.Events.Count(e => e is { Reason: "FailedCreatePodSandBox", Message: "Failed to create pod sandbox: port is already allocated" });

    /// <summary>A runtime that makes no sandbox until it is told to.</summary>
    private sealed class Refusing(IContainerRuntime inner) : IContainerRuntime, ISandboxes
    {
        private int tries;

        public int Tries => tries;

        public bool Works { get; set; }

        public ISandboxes Sandboxes => this;

        public IContainers Containers => inner.Containers;

        public IImages Images => inner.Images;

        public Task<RuntimeInfo> GetInfoAsync(CancellationToken cancel) => inner.GetInfoAsync(cancel);

        public Task<IReadOnlySet<string>> RunningAsync(CancellationToken cancel) => inner.RunningAsync(cancel);

        public IAsyncEnumerable<RuntimeEvent> WatchAsync(CancellationToken cancel) => inner.WatchAsync(cancel);

        public Task EnsureNetworkAsync(string podCidr, CancellationToken cancel) => inner.Sandboxes.EnsureNetworkAsync(podCidr, cancel);

        public Task<SandboxState> CreateAsync(SandboxSpec spec, CancellationToken cancel)
        {
            Interlocked.Increment(ref tries);
            return Works ? inner.Sandboxes.CreateAsync(spec, cancel) : throw new RuntimeException(RuntimeError.Other, "port is already allocated");
        }

        public Task<IReadOnlyList<SandboxState>> ListAsync(CancellationToken cancel) => inner.Sandboxes.ListAsync(cancel);

        public Task<SandboxState?> GetAsync(string id, CancellationToken cancel) => inner.Sandboxes.GetAsync(id, cancel);

        public Task UpdateAsync(string id, ContainerResources resources, CancellationToken cancel) => inner.Sandboxes.UpdateAsync(id, resources, cancel);

        public Task StopAsync(string id, CancellationToken cancel) => inner.Sandboxes.StopAsync(id, cancel);

        public Task RemoveAsync(string id, CancellationToken cancel) => inner.Sandboxes.RemoveAsync(id, cancel);

        public Task<IContainerSession> ConnectAsync(string id, string address, int port, CancellationToken cancel) => inner.Sandboxes.ConnectAsync(id, address, port, cancel);

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }
}
