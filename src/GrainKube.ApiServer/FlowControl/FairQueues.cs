namespace GrainKube.ApiServer.FlowControl;

/// <summary>A request that waits for its seats.</summary>
internal sealed class Waiter(int width)
{
    private readonly TaskCompletionSource<bool> turn = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Seats that it takes.</summary>
    public int Width => width;

    /// <summary>True when it is its turn, false when it has waited in vain.</summary>
    public Task<bool> Turn => turn.Task;

    /// <summary>What its queue was charged when its turn came.</summary>
    public double Charge { get; set; }

    /// <summary>Where it waits; null when it does not any more.</summary>
    public FairQueue? Queue { get; set; }

    public void Call(bool mine) => turn.TrySetResult(mine);
}

/// <summary>The requests of the flows that were dealt this queue.</summary>
internal sealed class FairQueue
{
    public LinkedList<Waiter> Waiting { get; } = [];

    /// <summary>Seats that those who wait will take.</summary>
    public int Seats { get; set; }

    /// <summary>When its next request would begin if each queue had its fair part: seconds of seats.</summary>
    public double Start { get; set; }
}

/// <summary>
/// The queues of a level. The next turn is that of the queue which has had least, by the time that its requests took on their seats: a flow of long or wide requests does not take from
/// others what they are due. Not for several threads.
/// </summary>
internal sealed class FairQueues
{
    private const int LargestHand = 128;
    private readonly FairQueue[] queues;
    private readonly int handSize;
    private readonly int lengthLimit;
    private double now;

    public FairQueues(int count, int handSize, int lengthLimit)
    {
        queues = [.. Enumerable.Range(0, count).Select(_ => new FairQueue())];
        (this.handSize, this.lengthLimit) = (Math.Min(Math.Min(handSize, count), LargestHand), lengthLimit);
    }

    /// <summary>How many requests wait.</summary>
    public int Waiting { get; private set; }

    /// <summary>Seats that they will take.</summary>
    public int Seats { get; private set; }

    /// <summary>Lets a request wait in the emptiest of its flow's queues.</summary>
    /// <returns>False where that is full.</returns>
    public bool TryEnqueue(Waiter waiter, ulong flow)
    {
        Span<int> hand = stackalloc int[handSize];
        Dealer.Deal(flow, queues.Length, hand);
        var chosen = queues[hand[0]];
        foreach (var card in hand[1..])
        {
            if (queues[card].Seats < chosen.Seats)
            {
                chosen = queues[card];
            }
        }

        if (chosen.Waiting.Count >= lengthLimit)
        {
            return false;
        }

        if (chosen.Waiting.Count == 0)
        {
            // Who had nothing to do does not save it up.
            chosen.Start = Math.Max(chosen.Start, now);
        }

        chosen.Waiting.AddLast(waiter);
        chosen.Seats += waiter.Width;
        waiter.Queue = chosen;
        Waiting++;
        Seats += waiter.Width;
        return true;
    }

    /// <summary>Whose turn is next; null where nobody waits.</summary>
    public Waiter? Peek()
    {
        FairQueue? next = null;
        if (Waiting > 0)
        {
            foreach (var queue in queues)
            {
                if (queue.Waiting.Count > 0 && (next is null || queue.Start < next.Start))
                {
                    next = queue;
                }
            }
        }

        return next?.Waiting.First!.Value;
    }

    /// <summary>Takes a request out; where it is its turn, its queue is charged what it is expected to take.</summary>
    public void Remove(Waiter waiter, double charge)
    {
        var queue = waiter.Queue!;
        if (ReferenceEquals(queue.Waiting.First!.Value, waiter))
        {
            queue.Waiting.RemoveFirst();
        }
        else
        {
            queue.Waiting.Remove(waiter);
        }

        queue.Seats -= waiter.Width;
        waiter.Queue = null;
        Waiting--;
        Seats -= waiter.Width;
        if (charge > 0)
        {
            now = Math.Max(now, queue.Start);
            queue.Start += charge;
        }
    }

    /// <summary>Everybody who waits, to be sent away.</summary>
    public IReadOnlyList<Waiter> All() => [.. queues.SelectMany(queue => queue.Waiting)];
}
