namespace GrainKube.Kubelet.Runtime;

/// <summary>
/// What runs containers on a node: Docker, later containerd, or a simulation. Split by what is acted on. What runs is always read back from here, never remembered.
/// </summary>
/// <remarks>Failures are <see cref="RuntimeException"/>. Every implementation passes <c>ContainerRuntimeConformance</c>. Deleting or stopping what is gone is no error.</remarks>
public interface IContainerRuntime : IAsyncDisposable
{
    ISandboxes Sandboxes { get; }
    IContainers Containers { get; }
    IImages Images { get; }

    /// <summary>Name, version and whether the engine answers.</summary>
    /// <exception cref="RuntimeException">The engine cannot be reached.</exception>
    Task<RuntimeInfo> GetInfoAsync(CancellationToken cancel);

    /// <summary>All our containers and sandboxes on this node, running or not. Every look at a pod rests on it: where nothing changed it is cheap, however many there are.</summary>
    /// <exception cref="RuntimeException">The engine cannot be asked.</exception>
    async Task<RuntimeListing> ListAsync(CancellationToken cancel)
    {
        var sandboxes = Sandboxes.ListAsync(cancel);
        return new RuntimeListing(await sandboxes, await Containers.ListAsync(cancel));
    }

    /// <summary>
    /// Starts and ends of our containers and sandboxes from now on, as wake-ups: an event may be missed across a reconnect, which is told by a <see cref="RuntimeEventKind.Resync"/>.
    /// </summary>
    IAsyncEnumerable<RuntimeEvent> WatchAsync(CancellationToken cancel);

    /// <summary>The ids of our containers and sandboxes that run at this moment. Cheap: it is asked for every few seconds, as a net below the events.</summary>
    /// <exception cref="RuntimeException">The engine cannot be asked.</exception>
    Task<IReadOnlySet<string>> RunningAsync(CancellationToken cancel);
}
