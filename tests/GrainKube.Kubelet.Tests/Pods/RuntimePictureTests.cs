using System.Runtime.CompilerServices;
using GrainKube.Kubelet.Pods;
using GrainKube.Kubelet.Runtime;
using GrainKube.Kubelet.Simulation;

namespace GrainKube.Kubelet.Tests.Pods;

public sealed class RuntimePictureTests
{
    /// <summary>A listing that is over at once makes every race of asking and ending likely.</summary>
    [Fact]
    public async Task Whoever_asks_gets_a_listing_that_began_after_the_asking()
    {
        var runtime = new CountingRuntime();
        var picture = new RuntimePicture(runtime);

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            for (var i = 0; i < 20_000; i++)
            {
                var begun = runtime.Listings;
                var seen = (await picture.GetAsync("pod", CancellationToken.None)).Sandboxes.Single().Attempt;
                Assert.True(seen > begun, $"asked after listing {begun} had begun, answered from listing {seen}");
            }
        })));
    }

    /// <summary>Shows one sandbox, whose attempt is the number of the listing.</summary>
    private sealed class CountingRuntime : IContainerRuntime, ISandboxes
    {
        private int listings;

        public int Listings => Volatile.Read(ref listings);

        public ISandboxes Sandboxes => this;

        public IContainers Containers { get; } = new SimulatedRuntime(TimeProvider.System).Containers;

        public IImages Images => throw new NotSupportedException();

        public Task<IReadOnlyList<SandboxState>> ListAsync(CancellationToken cancel) =>
            Task.FromResult<IReadOnlyList<SandboxState>>([new SandboxState("s", "pod", "default", "it", Interlocked.Increment(ref listings), true, "10.0.0.2", DateTimeOffset.UnixEpoch)]);

        public Task<RuntimeInfo> GetInfoAsync(CancellationToken cancel) => throw new NotSupportedException();

        public Task<IReadOnlySet<string>> RunningAsync(CancellationToken cancel) => throw new NotSupportedException();

        public async IAsyncEnumerable<RuntimeEvent> WatchAsync([EnumeratorCancellation] CancellationToken cancel)
        {
            await Task.CompletedTask;
            yield break;
        }

        public Task EnsureNetworkAsync(string podCidr, CancellationToken cancel) => throw new NotSupportedException();

        public Task<SandboxState> CreateAsync(SandboxSpec spec, CancellationToken cancel) => throw new NotSupportedException();

        public Task<SandboxState?> GetAsync(string id, CancellationToken cancel) => throw new NotSupportedException();

        public Task<IContainerSession> ConnectAsync(string id, string address, int port, CancellationToken cancel) => throw new NotSupportedException();

        public Task UpdateAsync(string id, ContainerResources resources, CancellationToken cancel) => throw new NotSupportedException();

        public Task StopAsync(string id, CancellationToken cancel) => throw new NotSupportedException();

        public Task RemoveAsync(string id, CancellationToken cancel) => throw new NotSupportedException();

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
