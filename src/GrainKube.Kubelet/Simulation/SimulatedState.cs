using System.Threading.Channels;
using GrainKube.Kubelet.Runtime;

namespace GrainKube.Kubelet.Simulation;

/// <summary>What a simulated engine has, and who watches it.</summary>
internal sealed class SimulatedState(TimeProvider time)
{
    private readonly List<Channel<RuntimeEvent>> watchers = [];
    private long lastId;

    public Lock Gate { get; } = new();
    public TimeProvider Time { get; } = time;
    public Dictionary<string, SandboxState> Sandboxes { get; } = new(StringComparer.Ordinal);
    public Dictionary<string, SimulatedContainer> Containers { get; } = new(StringComparer.Ordinal);
    public SimulatedAddresses? Addresses { get; set; }

    public DateTimeOffset Now => Time.GetUtcNow();

    /// <summary>As long as a real engine's.</summary>
    public string NewId() => $"{Guid.NewGuid():n}{Interlocked.Increment(ref lastId):x32}";

    public void Tell(RuntimeEvent happened)
    {
        lock (Gate)
        {
            foreach (var watcher in watchers)
            {
                watcher.Writer.TryWrite(happened);
            }
        }
    }

    public async IAsyncEnumerable<RuntimeEvent> WatchAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel)
    {
        var mine = Channel.CreateUnbounded<RuntimeEvent>(new UnboundedChannelOptions { SingleReader = true });
        lock (Gate)
        {
            watchers.Add(mine);
        }

        try
        {
            await foreach (var happened in mine.Reader.ReadAllAsync(cancel))
            {
                yield return happened;
            }
        }
        finally
        {
            lock (Gate)
            {
                watchers.Remove(mine);
            }
        }
    }
}

/// <summary>A simulated container: its state, and its end for those who wait.</summary>
internal sealed class SimulatedContainer(ContainerState state, ContainerSpec spec)
{
    public ContainerState State { get; set; } = state;
    public ContainerSpec Spec { get; } = spec;
    public ITimer? Exit { get; set; }
    public TaskCompletionSource Ended { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}
