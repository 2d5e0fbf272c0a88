using GrainKube.Kubelet.Runtime;

namespace GrainKube.Kubelet.Pods;

/// <summary>
/// Reads what runs, on behalf of all pods at once: whoever asks gets a listing that began after the asking, and those who ask while one is under way share the next.
/// </summary>
internal sealed class RuntimePicture(IContainerRuntime runtime)
{
    private readonly Lock gate = new();
    private Task<Listing>? running;
    private Task<Listing>? next;

    /// <exception cref="RuntimeException">The engine cannot be asked.</exception>
    public async Task<PodRuntimeState> GetAsync(string podUid, CancellationToken cancel)
    {
        var listing = await Join().WaitAsync(cancel);
        return listing.Pods.GetValueOrDefault(podUid, PodRuntimeState.Empty);
    }

    /// <summary>Every pod of which the runtime has something.</summary>
    public async Task<IReadOnlyDictionary<string, PodRuntimeState>> GetAllAsync(CancellationToken cancel) => (await Join().WaitAsync(cancel)).Pods;

    private Task<Listing> Join()
    {
        lock (gate)
        {
            if (next is null && running is not { IsCompleted: false })
            {
                return running = Task.Run(ListAsync);
            }

            // Never in this call: it would take the gate that we hold, and be remembered as the next after it had begun.
            var before = running!;
            return next ??= Task.Run(() => FollowAsync(before));
        }
    }

    private async Task<Listing> FollowAsync(Task<Listing> before)
    {
        await before.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        Task<Listing> mine;
        lock (gate)
        {
            mine = running = Task.Run(ListAsync);
            next = null;
        }

        return await mine;
    }

    private async Task<Listing> ListAsync()
    {
        var listing = await runtime.ListAsync(CancellationToken.None);
        var sandboxesOf = listing.Sandboxes.ToLookup(s => s.PodUid);
        var containersOf = listing.Containers.ToLookup(c => c.PodUid);
        var pods = new Dictionary<string, PodRuntimeState>(StringComparer.Ordinal);
        foreach (var uid in sandboxesOf.Select(g => g.Key).Union(containersOf.Select(g => g.Key)))
        {
            pods[uid] = new PodRuntimeState([.. sandboxesOf[uid].OrderByDescending(s => s.Attempt)], [.. containersOf[uid].OrderByDescending(c => c.Attempt)]);
        }

        return new Listing(pods);
    }

    private sealed record Listing(Dictionary<string, PodRuntimeState> Pods);
}
