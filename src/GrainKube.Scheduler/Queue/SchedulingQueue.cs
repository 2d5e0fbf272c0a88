using GrainKube.Scheduler.Pods;

namespace GrainKube.Scheduler.Queue;

/// <summary>
/// Pods without a node: those to be tried now (by priority, then age), those that wait out a back-off, and those that wait for the cluster to change. Used by one task at a time.
/// </summary>
internal sealed class SchedulingQueue(TimeProvider time)
{
    private static readonly TimeSpan FirstBackoff = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestBackoff = TimeSpan.FromSeconds(10);
    private readonly PriorityQueue<string, (long NegatedPriority, long Ticks, long Order)> active = new();
    private readonly Dictionary<string, Entry> entries = new(StringComparer.Ordinal);
    private readonly HashSet<Entry> waiting = [];
    private readonly HashSet<Entry> backingOff = [];
    private long order;

    /// <summary>How many pods wait in any way.</summary>
    public int Count => entries.Count;

    /// <summary>There may be pods to try now.</summary>
    public bool HasReady => active.Count > 0;

    /// <summary>The pod as it was last put, or null.</summary>
    public PodRequest? Find(string uid) => entries.GetValueOrDefault(uid)?.Pod;

    /// <summary>A pod without a node appeared or changed. It is tried at once where it asks for something else than before; a mere change of its status wakes nobody.</summary>
    public void Put(PodRequest pod)
    {
        if (!entries.TryGetValue(pod.Uid, out var entry))
        {
            entries[pod.Uid] = entry = new Entry(pod);
            Enter(entry, State.Active);
            return;
        }

        var wakes = !entry.Pod.AsksTheSameAs(pod);
        entry.Pod = pod;
        if (wakes && entry.State is State.BackingOff or State.Unschedulable)
        {
            Enter(entry, State.Active);
        }
        else if (wakes)
        {
            Wake(entry);
        }
    }

    /// <summary>The pod is bound, gone, or not ours any more.</summary>
    public void Remove(string uid)
    {
        if (entries.Remove(uid, out var entry))
        {
            waiting.Remove(entry);
            backingOff.Remove(entry);
        }
    }

    /// <summary>The next pod to try, or null.</summary>
    public PodRequest? Next()
    {
        while (active.TryDequeue(out var uid, out _))
        {
            if (entries.TryGetValue(uid, out var entry) && entry.State == State.Active)
            {
                Enter(entry, State.InFlight);
                return entry.Pod;
            }
        }

        return null;
    }

    /// <summary>No node fits: the pod waits until it is woken, and at least its back-off.</summary>
    /// <param name="uid">The pod.</param>
    /// <param name="refusedBy">Handed to those who wake.</param>
    public void Unschedulable(string uid, ulong refusedBy) => Wait(uid, State.Unschedulable, refusedBy);

    /// <summary>The same for a pod for which room is being made: it is not tried before <see cref="Release"/>, but what could wake it meanwhile is not forgotten.</summary>
    public void Hold(string uid, ulong refusedBy) => Wait(uid, State.Held, refusedBy);

    /// <summary>Room was made, or that failed and the pod is to be tried again after its back-off.</summary>
    public void Release(string uid, bool retry)
    {
        if (entries.TryGetValue(uid, out var entry) && entry.State == State.Held)
        {
            Enter(entry, retry || entry.WasWoken ? State.BackingOff : State.Unschedulable);
        }
    }

    /// <summary>Something failed on the way: the pod is tried again after its back-off.</summary>
    /// <returns>False where nobody tries it any more: it was bound or deleted meanwhile.</returns>
    public bool Failed(string uid) => Wait(uid, State.BackingOff, 0);

    /// <summary>Of the pods that wait for the cluster to change, those that may fit now are tried once their back-off is over.</summary>
    /// <param name="mayFit">Takes a pod and who refused it.</param>
    public void Wake(Func<PodRequest, ulong, bool> mayFit)
    {
        foreach (var entry in waiting.Where(e => mayFit(e.Pod, e.RefusedBy)).ToList())
        {
            Wake(entry);
        }
    }

    /// <summary>That pod is tried once its back-off is over.</summary>
    public void Wake(string uid)
    {
        if (entries.TryGetValue(uid, out var entry))
        {
            Wake(entry);
        }
    }

    /// <summary>Moves pods whose back-off is over to the ones to be tried.</summary>
    /// <returns>When the next back-off ends; null where none runs.</returns>
    public DateTimeOffset? Ripen()
    {
        var now = time.GetUtcNow();
        DateTimeOffset? next = null;
        foreach (var entry in backingOff.ToList())
        {
            if (entry.NotBefore <= now)
            {
                Enter(entry, State.Active);
            }
            else if (next is null || entry.NotBefore < next)
            {
                next = entry.NotBefore;
            }
        }

        return next;
    }

    private void Wake(Entry entry)
    {
        if (entry.State == State.Unschedulable)
        {
            Enter(entry, State.BackingOff);
        }
        else if (entry.State == State.Held)
        {
            entry.WasWoken = true;
        }
    }

    private bool Wait(string uid, State state, ulong refusedBy)
    {
        if (!entries.TryGetValue(uid, out var entry) || entry.State != State.InFlight)
        {
            return false;
        }

        var backoff = FirstBackoff * Math.Pow(2, Math.Min(entry.Attempts, 10));
        entry.Attempts++;
        entry.NotBefore = time.GetUtcNow() + (backoff < LongestBackoff ? backoff : LongestBackoff);
        (entry.RefusedBy, entry.WasWoken) = (refusedBy, false);
        Enter(entry, state);
        return true;
    }

    private void Enter(Entry entry, State state)
    {
        entry.State = state;
        Belongs(waiting, entry, state is State.Unschedulable or State.Held);
        Belongs(backingOff, entry, state == State.BackingOff);
        if (state == State.Active)
        {
            active.Enqueue(entry.Pod.Uid, (-(long)entry.Pod.Priority, entry.Pod.Created.UtcTicks, order++));
        }
    }

    private static void Belongs(HashSet<Entry> set, Entry entry, bool belongs)
    {
        if (belongs)
        {
            set.Add(entry);
        }
        else
        {
            set.Remove(entry);
        }
    }

    private enum State
    {
        Active,
        InFlight,
        Held,
        BackingOff,
        Unschedulable,
    }

    private sealed class Entry(PodRequest pod)
    {
        public PodRequest Pod { get; set; } = pod;
        public State State { get; set; }
        public int Attempts { get; set; }
        public DateTimeOffset NotBefore { get; set; }
        public ulong RefusedBy { get; set; }
        public bool WasWoken { get; set; }
    }
}
