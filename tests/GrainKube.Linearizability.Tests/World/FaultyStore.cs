using System.Runtime.CompilerServices;
using GrainKube.Objects.Store;

namespace GrainKube.Linearizability.Tests.World;

/// <summary>
/// One server's bad connection to a good store: answers come late or not at all, commits may have happened or not when their answer is lost, watches lag and break off. What is not about
/// objects (the membership of silos) is spared: that silos die is another test's matter.
/// </summary>
internal sealed class FaultyStore(IObjectStore inner, int seed) : IObjectStore
{
    private readonly Random random = new(seed);
    private readonly Lock gate = new();
    private long faults;

    /// <summary>Off until the servers stand.</summary>
    public bool IsFaulty { get; set; }

    /// <summary>How many there were.</summary>
    public long Faults => Interlocked.Read(ref faults);

    public async Task<StoreValue?> GetAsync(string key, CancellationToken cancel)
    {
        await SufferAsync(key, 0.02, cancel);
        return await inner.GetAsync(key, cancel);
    }

    public async Task<StorePage> ListAsync(string prefix, StoreListOptions options, CancellationToken cancel)
    {
        await SufferAsync(prefix, 0.02, cancel);
        return await inner.ListAsync(prefix, options, cancel);
    }

    public async Task<long> GetRevisionAsync(CancellationToken cancel)
    {
        await SufferAsync("/registry/", 0.01, cancel);
        var revision = await inner.GetRevisionAsync(cancel);
        await LateAsync(cancel); // true when it was asked, old when it arrives
        return revision;
    }

    public async Task<StoreCommit> CommitAsync(StoreTransaction transaction, CancellationToken cancel)
    {
        if (!transaction.Changes.Any(c => IsObject(c.Key)))
        {
            return await inner.CommitAsync(transaction, cancel);
        }

        await SufferAsync("/registry/", 0.02, cancel);
        if (Chance(0.02))
        {
            throw new StoreException(StoreError.OutcomeUnknown, "the connection broke before the commit");
        }

        var commit = await inner.CommitAsync(transaction, cancel);
        await LateAsync(cancel);
        return Chance(0.03) ? throw new StoreException(StoreError.OutcomeUnknown, "the connection broke after the commit") : commit;
    }

    public async IAsyncEnumerable<StoreChanges> WatchAsync(string prefix, long afterRevision, [EnumeratorCancellation] CancellationToken cancel)
    {
        await foreach (var batch in inner.WatchAsync(prefix, afterRevision, cancel))
        {
            await LateAsync(cancel);
            if (Chance(0.01))
            {
                throw new StoreException(StoreError.Unavailable, "the watch broke");
            }

            yield return batch;
        }
    }

    public Task CompactAsync(long revision, CancellationToken cancel) => inner.CompactAsync(revision, cancel);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static bool IsObject(string key) => key.StartsWith("/registry/", StringComparison.Ordinal);

    private async Task SufferAsync(string key, double probability, CancellationToken cancel)
    {
        if (!IsObject(key))
        {
            return;
        }

        await LateAsync(cancel);
        if (Chance(probability))
        {
            throw new StoreException(StoreError.Unavailable, "the store did not answer");
        }
    }

    private async Task LateAsync(CancellationToken cancel)
    {
        var wait = IsFaulty ? Draw() : 1;
        if (wait < 0.3)
        {
            // Up to 12 ms: much longer than a write takes, so that calls overlap and caches differ.
            await Task.Delay(TimeSpan.FromMilliseconds(wait * 40), TimeProvider.System, cancel);
        }
    }

    private bool Chance(double probability)
    {
        if (!IsFaulty || Draw() >= probability)
        {
            return false;
        }

        Interlocked.Increment(ref faults);
        return true;
    }

    private double Draw()
    {
        lock (gate)
        {
            return random.NextDouble();
        }
    }
}
