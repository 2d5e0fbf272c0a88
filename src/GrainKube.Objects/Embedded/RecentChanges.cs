using GrainKube.Objects.Store;

namespace GrainKube.Objects.Embedded;

/// <summary>The newest changes, in memory, from which watches are fed right after a commit. Bounded: a watch that falls behind reads the log.</summary>
internal sealed class RecentChanges(long revision)
{
    private const int Capacity = 4096;
    private const long ByteLimit = 8 << 20;

    private readonly Lock gate = new();
    private readonly StoreChange[] ring = new StoreChange[Capacity];
    private long start; // Place of the oldest change; places count up for ever.
    private long end;
    private long bytes;
    private long floor = revision; // Changes up to here are not, or not wholly, in the ring.
    private long newest = revision;
    private TaskCompletionSource? waiting;
    private Exception? ended;

    /// <summary>The revision up to which everything is durable and was published.</summary>
    public long Revision => Volatile.Read(ref newest);

    /// <summary>Takes in what was committed, and wakes the watches.</summary>
    public void Publish(List<StoreChange> changes, long revision)
    {
        TaskCompletionSource? wake;
        lock (gate)
        {
            foreach (var change in changes)
            {
                Add(change);
            }

            Volatile.Write(ref newest, revision);
            wake = waiting;
            waiting = null;
        }

        wake?.SetResult();
    }

    /// <summary>Changes under a prefix after a revision, and how far they reach.</summary>
    /// <returns>False where the log must be read.</returns>
    public bool TryRead(string prefix, long after, out StoreChanges changes)
    {
        lock (gate)
        {
            if (after < floor)
            {
                changes = null!;
                return false;
            }

            List<StoreChange>? items = null;
            for (var place = FirstAfter(after); place < end; place++)
            {
                ref readonly var change = ref ring[place % Capacity];
                if (change.Key.StartsWith(prefix, StringComparison.Ordinal))
                {
                    (items ??= []).Add(change);
                }
            }

            changes = new StoreChanges(newest, (IReadOnlyList<StoreChange>?)items ?? []);
            return true;
        }
    }

    /// <summary>Completes when there is something newer than a revision; fails when the store has ended.</summary>
    public Task WaitAsync(long after)
    {
        lock (gate)
        {
            return ended is not null ? Task.FromException(ended)
                : newest > after ? Task.CompletedTask
                : (waiting ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }
    }

    /// <summary>No more changes will come.</summary>
    public void End(Exception reason)
    {
        TaskCompletionSource? wake;
        lock (gate)
        {
            ended = reason;
            wake = waiting;
            waiting = null;
        }

        wake?.SetException(reason);
    }

    private void Add(in StoreChange change)
    {
        ring[end++ % Capacity] = change;
        bytes += Size(change);
        while (end - start == Capacity || bytes > ByteLimit)
        {
            ref var oldest = ref ring[start++ % Capacity];
            floor = oldest.Revision;
            bytes -= Size(oldest);
            oldest = default;
        }
    }

    private long FirstAfter(long revision)
    {
        var (low, high) = (start, end);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = ring[middle % Capacity].Revision > revision ? (low, middle) : (middle + 1, high);
        }

        return low;
    }

    private static int Size(in StoreChange change) => change.Value?.Length ?? 0;
}
