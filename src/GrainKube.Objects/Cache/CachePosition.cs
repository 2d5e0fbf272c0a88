namespace GrainKube.Objects.Cache;

/// <summary>How far the cache has followed the store, and who waits for it to get further.</summary>
internal sealed class CachePosition(TimeProvider time)
{
    private readonly Lock gate = new();
    private readonly PriorityQueue<TaskCompletionSource, long> waiting = new();
    private long revision;

    public long Revision => Volatile.Read(ref revision);

    /// <summary>Milliseconds of a clock that only moves on; for the age of history.</summary>
    public long Now => time.GetTimestamp() / (time.TimestampFrequency / 1000);

    public Task WaitForAsync(long wanted, CancellationToken cancel)
    {
        if (Revision >= wanted)
        {
            return Task.CompletedTask;
        }

        TaskCompletionSource waiter;
        lock (gate)
        {
            if (revision >= wanted)
            {
                return Task.CompletedTask;
            }

            waiter = new(TaskCreationOptions.RunContinuationsAsynchronously);
            waiting.Enqueue(waiter, wanted);
        }

        return cancel.CanBeCanceled ? waiter.Task.WaitAsync(cancel) : waiter.Task;
    }

    public void MoveTo(long reached)
    {
        lock (gate)
        {
            if (reached <= revision)
            {
                return;
            }

            Volatile.Write(ref revision, reached);
            while (waiting.TryPeek(out var waiter, out var wanted) && wanted <= reached)
            {
                waiting.Dequeue();
                waiter.SetResult();
            }
        }
    }
}
