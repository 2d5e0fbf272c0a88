namespace GrainKube.Objects.Embedded;

/// <summary>What waits for the writer's thread.</summary>
internal sealed class WriterQueue
{
    private readonly object gate = new();
    private readonly Queue<PendingCompaction> compactions = new();
    private List<PendingCommit> commits = [];
    private bool tick = true; // What expired while nobody was running goes at once.
    private long logSize;
    private bool closed;

    public void Add(PendingCommit commit)
    {
        lock (gate)
        {
            RefuseClosed();
            commits.Add(commit);
            Monitor.Pulse(gate);
        }
    }

    public void Add(PendingCompaction compaction)
    {
        lock (gate)
        {
            RefuseClosed();
            compactions.Enqueue(compaction);
            Monitor.Pulse(gate);
        }
    }

    /// <summary>A minute is over.</summary>
    public void Tick()
    {
        lock (gate)
        {
            tick = true;
            Monitor.Pulse(gate);
        }
    }

    /// <summary>The log was copied but is too long: the writer should begin it anew.</summary>
    public void BeginLogAnew(long size)
    {
        lock (gate)
        {
            logSize = size;
            Monitor.Pulse(gate);
        }
    }

    /// <summary>Takes nothing more; what is waiting is still worked on.</summary>
    public void Close()
    {
        lock (gate)
        {
            closed = true;
            Monitor.Pulse(gate);
        }
    }

    /// <summary>Waits for work, unless there is some already.</summary>
    /// <param name="group">An empty list, exchanged for the transactions that wait.</param>
    /// <param name="busy">The writer has other work and must not wait.</param>
    /// <returns>False when the queue is closed and empty.</returns>
    public bool Take(ref List<PendingCommit> group, bool busy, out WriterWork work)
    {
        lock (gate)
        {
            while (!busy && commits.Count == 0 && compactions.Count == 0 && !tick && logSize == 0 && !closed)
            {
                Monitor.Wait(gate);
            }

            (group, commits) = (commits, group);
            compactions.TryDequeue(out var compaction);
            work = new WriterWork(compaction, tick, logSize);
            tick = false;
            logSize = 0;
            return !closed || group.Count > 0 || compaction is not null;
        }
    }

    private void RefuseClosed()
    {
        if (closed)
        {
            throw StoreClosed.Exception();
        }
    }
}
