using GrainKube.Kubelet.Runtime;

namespace GrainKube.Kubelet.Tests.Agent;

/// <summary>A runtime of which one part is the test's.</summary>
internal class SeenRuntime(IContainerRuntime inner, IImages? images = null, IContainers? containers = null) : IContainerRuntime
{
    public ISandboxes Sandboxes => inner.Sandboxes;

    public IContainers Containers => containers ?? inner.Containers;

    public IImages Images => images ?? inner.Images;

    public Task<RuntimeInfo> GetInfoAsync(CancellationToken cancel) => inner.GetInfoAsync(cancel);

    public Task<IReadOnlySet<string>> RunningAsync(CancellationToken cancel) => inner.RunningAsync(cancel);

    public virtual IAsyncEnumerable<RuntimeEvent> WatchAsync(CancellationToken cancel) => inner.WatchAsync(cancel);

    public ValueTask DisposeAsync() => inner.DisposeAsync();
}
