using GrainKube.Objects.Store;

namespace GrainKube.Objects.Cache;

/// <summary>
/// The consistent-read barrier. The store is asked for its revision once on behalf of all who wait; who arrives after the asking waits for the next, because a write
/// acknowledged in between would be missing from the answer.
/// </summary>
internal sealed class ConsistentReads(IObjectStore store, CachePosition position, TimeProvider time)
{
    /// <summary>How long events may be on their way before we make one ourselves.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(100);
    private readonly Lock gate = new();
    private TaskCompletionSource<Task<long>>? next;
    private Task<StoreCommit>? fence;
    private bool asking;

    /// <summary>A key of ours whose change proves the position where the store's newest revision belongs to a key that nobody here watches.</summary>
    public const string FenceKey = "/grainkube/fence";

    public async Task<long> WaitUntilCurrentAsync(CancellationToken cancel)
    {
        Task<Task<long>> answer;
        lock (gate)
        {
            next ??= new(TaskCreationOptions.RunContinuationsAsynchronously);
            answer = next.Task;
            if (!asking)
            {
                asking = true;
                _ = Task.Run(AskAsync, CancellationToken.None);
            }
        }

        var reached = await answer.WaitAsync(cancel);
        return await reached.WaitAsync(cancel);
    }

    private async Task AskAsync()
    {
        while (true)
        {
            TaskCompletionSource<Task<long>> round;
            lock (gate)
            {
                if (next is null)
                {
                    asking = false;
                    return;
                }

                (round, next) = (next, null);
            }

            try
            {
                var revision = await store.GetRevisionAsync(CancellationToken.None);
                round.SetResult(ReachAsync(revision));
            }
            catch (Exception failure)
            {
                round.SetException(failure); // whoever waits gets it
            }
        }
    }

    private async Task<long> ReachAsync(long revision)
    {
        var reached = position.WaitForAsync(revision, CancellationToken.None);
        while (!reached.IsCompleted)
        {
            try
            {
                await reached.WaitAsync(Patience, time);
            }
            catch (TimeoutException)
            {
                await WriteFenceAsync();
            }
        }

        return Math.Max(revision, position.Revision);
    }

    /// <summary>Writes the fence key, unless one that was written is still on its way back to us.</summary>
    private async Task WriteFenceAsync()
    {
        Task<StoreCommit> write;
        lock (gate)
        {
            if (fence is { IsCompleted: false } || (fence is { IsCompletedSuccessfully: true } && fence.Result.Revision > position.Revision))
            {
                return;
            }

            fence = write = store.CommitAsync(new StoreTransaction([], [StoreWrite.Put(FenceKey, "{}"u8.ToArray())]), CancellationToken.None);
        }

        await write;
    }
}
