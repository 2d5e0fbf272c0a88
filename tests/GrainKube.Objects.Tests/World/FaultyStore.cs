using System.Runtime.CompilerServices;
using GrainKube.Objects.Cache;
using GrainKube.Objects.Store;

namespace GrainKube.Objects.Tests.World;

/// <summary>A real store whose connection can be cut: watches end with an error, commits lose their answer.</summary>
internal sealed class FaultyStore(IObjectStore inner) : IObjectStore
{
    private CancellationTokenSource cut = new();

    /// <summary>Runs before the next commit is passed on; for races.</summary>
    public Func<StoreTransaction, Task>? BeforeCommit { get; set; }

    /// <summary>Says of a commit whether its answer is lost after (true) or before (false) it happened; null lets it be.</summary>
    public Func<StoreTransaction, bool?>? LoseAnswer { get; set; }

    /// <summary>Of which keys reads are not answered.</summary>
    public Func<string, bool>? FailGet { get; set; }

    /// <summary>While set, watches cannot begin.</summary>
    public TaskCompletionSource? HoldWatches { get; set; }

    /// <summary>While set, the store does not say how far it is.</summary>
    public TaskCompletionSource? HoldRevisions { get; set; }

    public int Gets { get; private set; }

    public int RevisionAsks { get; private set; }

    public int Commits { get; private set; }

    public void CutWatches() => Interlocked.Exchange(ref cut, new CancellationTokenSource()).Cancel();

    public Task<StoreValue?> GetAsync(string key, CancellationToken cancel)
    {
        Gets++;
        if (FailGet?.Invoke(key) == true)
        {
            throw new StoreException(StoreError.Unavailable, "away");
        }

        return inner.GetAsync(key, cancel);
    }

    public Task<StorePage> ListAsync(string prefix, StoreListOptions options, CancellationToken cancel) => inner.ListAsync(prefix, options, cancel);

    public async Task<long> GetRevisionAsync(CancellationToken cancel)
    {
        RevisionAsks++;
        await (HoldRevisions?.Task.WaitAsync(cancel) ?? Task.CompletedTask);
        return await inner.GetRevisionAsync(cancel);
    }

    public async Task<StoreCommit> CommitAsync(StoreTransaction transaction, CancellationToken cancel)
    {
        if (transaction.Changes is [{ Key: ConsistentReads.FenceKey }])
        {
            // The cache's own, of which there is one only when the machine is slow: no test's write.
            return await inner.CommitAsync(transaction, cancel);
        }

        Commits++;
        if (BeforeCommit is { } race)
        {
            BeforeCommit = null;
            await race(transaction);
        }

        var lost = LoseAnswer?.Invoke(transaction);
        if (lost == false)
        {
            throw new StoreException(StoreError.OutcomeUnknown, "lost before");
        }

        var commit = await inner.CommitAsync(transaction, cancel);
        return lost == true ? throw new StoreException(StoreError.OutcomeUnknown, "lost after") : commit;
    }

    public async IAsyncEnumerable<StoreChanges> WatchAsync(string prefix, long afterRevision, [EnumeratorCancellation] CancellationToken cancel)
    {
        if (HoldWatches is { } hold)
        {
            await hold.Task.WaitAsync(cancel);
        }

        var mine = cut.Token;
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancel, mine);
        await using var changes = inner.WatchAsync(prefix, afterRevision, both.Token).GetAsyncEnumerator(CancellationToken.None);
        while (true)
        {
            try
            {
                if (!await changes.MoveNextAsync())
                {
                    yield break;
                }
            }
            catch (OperationCanceledException) when (mine.IsCancellationRequested && !cancel.IsCancellationRequested)
            {
                throw new StoreException(StoreError.Unavailable, "cut");
            }

            yield return changes.Current;
        }
    }

    public Task CompactAsync(long revision, CancellationToken cancel) => inner.CompactAsync(revision, cancel);

    public ValueTask DisposeAsync() => inner.DisposeAsync();
}
