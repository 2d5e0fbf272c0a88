using GrainKube.Kubelet.Runtime;

namespace GrainKube.Kubelet.Simulation;

/// <summary>A runtime without containers, for tests, benchmarks and rehearsals: pods get addresses and run until they are stopped or their annotations say otherwise.</summary>
public sealed class SimulatedRuntime : IContainerRuntime
{
    private readonly SimulatedState state;

    public SimulatedRuntime(TimeProvider time)
    {
        state = new SimulatedState(time);
        (Sandboxes, Containers, Images) = (new SimulatedSandboxes(state), new SimulatedContainers(state), new SimulatedImages(state));
    }

    public ISandboxes Sandboxes { get; }
    public IContainers Containers { get; }
    public IImages Images { get; }

    public Task<RuntimeInfo> GetInfoAsync(CancellationToken cancel) => Task.FromResult(new RuntimeInfo("simulated", "1.0.0", "", "Simulated", "amd64"));

    public IAsyncEnumerable<RuntimeEvent> WatchAsync(CancellationToken cancel) => state.WatchAsync(cancel);

    public async Task<IReadOnlySet<string>> RunningAsync(CancellationToken cancel) =>
        (await Containers.ListAsync(cancel)).Where(c => c.Phase == ContainerPhase.Running).Select(c => c.Id)
        .Concat((await Sandboxes.ListAsync(cancel)).Where(s => s.Running).Select(s => s.Id)).ToHashSet(StringComparer.Ordinal);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
