using GrainKube.Scheduler.Pods;

namespace GrainKube.Scheduler.Queue;

/// <summary>
/// Pods without a node: those to be tried now (by priority, then age), those that wait out a back-off, and those that wait for the cluster to change. Used by one task at a time.
/// </summary>
internal sealed class SchedulingQueue(TimeProvider time)
{
    private static readonly TimeSpan FirstBackoff = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestBackoff = TimeSpan.FromSeconds(10);
    private readonly PriorityQueue<string, (int NegatedPriority, long Ticks, long Order)> active = new();
    private readonly Dictionary<string, Entry> entries = new(StringComparer.Ordinal);
    private long order;

    /// <summary>How many pods wait in any way.</summary>
    public int Count => entries.Count;

    /// <summary>There may be pods to try now.</summary>
    public bool HasReady => active.Count > 0;

    /// <summary>A pod without a node appeared or changed. It is tried at once where it asks for something else than before; a mere change of its status wakes nobody.</summary>
    public void Put(PodRequest pod)
    {
        if (entries.TryGetValue(pod.Uid, out var entry))
        {
            var wakes = entry.State is State.BackingOff or State.Unschedulable && !entry.Pod.AsksTheSameAs(pod);
            entry.Pod = pod;
            if (wakes)
            {
                Activate(entry);
            }

            return;
        }

        entries[pod.Uid] = entry = new Entry(pod);
        Activate(entry);
    }

    /// <summary>The pod is bound, gone, or not ours any more.</summary>
    public void Remove(string uid) => entries.Remove(uid);

    /// <summary>The next pod to try, or null.</summary>
    public PodRequest? Next()
    {
        while (active.TryDequeue(out var uid, out _))
        {
            if (entries.TryGetValue(uid, out var entry) && entry.State == State.Active)
            {
                entry.State = State.InFlight;
                return entry.Pod;
            }
        }

        return null;
    }

    /// <summary>No node fits: the pod waits until <see cref="ClusterChanged"/>, and at least its back-off.</summary>
    public void Unschedulable(string uid) => Wait(uid, State.Unschedulable);

    /// <summary>Something failed on the way: the pod is tried again after its back-off.</summary>
    /// <returns>False where nobody tries it any more: it was bound or deleted meanwhile.</returns>
    public bool Failed(string uid) => Wait(uid, State.BackingOff);

    /// <summary>Room may have appeared: all that wait for it are tried once their back-off is over.</summary>
    public void ClusterChanged()
    {
        foreach (var entry in entries.Values)
        {
            if (entry.State == State.Unschedulable)
            {
                entry.State = State.BackingOff;
            }
        }
    }

    /// <summary>Moves pods whose back-off is over to the ones to be tried.</summary>
    /// <returns>When the next back-off ends; null where none runs.</returns>
    public DateTimeOffset? Ripen()
    {
        var now = time.GetUtcNow();
        DateTimeOffset? next = null;
        foreach (var entry in entries.Values)
        {
            if (entry.State != State.BackingOff)
            {
                continue;
            }

            if (entry.NotBefore <= now)
            {
                Activate(entry);
            }
            else if (next is null || entry.NotBefore < next)
            {
                next = entry.NotBefore;
            }
        }

        return next;
    }

    private bool Wait(string uid, State state)
    {
        if (!entries.TryGetValue(uid, out var entry) || entry.State != State.InFlight)
        {
            return false;
        }

        var backoff = FirstBackoff * Math.Pow(2, Math.Min(entry.Attempts, 10));
        entry.Attempts++;
        entry.NotBefore = time.GetUtcNow() + (backoff < LongestBackoff ? backoff : LongestBackoff);
        entry.State = state;
        return true;
    }

    private void Activate(Entry entry)
    {
        entry.State = State.Active;
        active.Enqueue(entry.Pod.Uid, (-entry.Pod.Priority, entry.Pod.Created.UtcTicks, order++));
    }

    private enum State
    {
        Active,
        InFlight,
        BackingOff,
        Unschedulable,
    }

    private sealed class Entry(PodRequest pod)
    {
        public PodRequest Pod { get; set; } = pod;
        public State State { get; set; }
        public int Attempts { get; set; }
        public DateTimeOffset NotBefore { get; set; }
    }
}
