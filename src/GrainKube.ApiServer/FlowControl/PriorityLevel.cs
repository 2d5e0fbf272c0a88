namespace GrainKube.ApiServer.FlowControl;

/// <summary>Seats that a request has taken; to be given back once.</summary>
/// <param name="Level">Whose they are; null where the request was refused.</param>
/// <param name="Width">How many.</param>
/// <param name="Queue">The queue that it waited in, if it did.</param>
/// <param name="Began">When it sat down, in ticks of the clock.</param>
/// <param name="Charge">What its queue was charged.</param>
internal readonly record struct Seats(PriorityLevel? Level, int Width, FairQueue? Queue, long Began, double Charge)
{
    public void Leave() => Level?.Leave(this);

    /// <summary>Gives them back a while later.</summary>
    public void Leave(TimeSpan lingers) => Level?.Leave(this, lingers);
}

/// <summary>The seats of one priority level, and those who wait for them.</summary>
internal sealed class PriorityLevel(string name, TimeProvider time)
{
    /// <summary>How fast the guess of a request's duration follows those seen.</summary>
    private const double Learning = 0.1;
    private readonly Lock gate = new();
    private LevelSettings settings = LevelSettings.Of(null);
    private FairQueues? queues;
    private int inUse;
    private int peak;
    private double guess = 0.01;

    public string Name => name;

    public LevelSettings Settings => settings;

    /// <summary>Seats it has by its shares.</summary>
    public int Nominal { get; private set; }

    /// <summary>Seats it has at the moment: some are lent, or borrowed.</summary>
    public int Limit { get; private set; }

    /// <summary>Seats that are taken now.</summary>
    public int InUse => Volatile.Read(ref inUse);

    /// <summary>Requests that wait now.</summary>
    public int Waiting => queues?.Waiting ?? 0;

    /// <summary>How much of its demand is expected to last; kept by whoever lends.</summary>
    public double SmoothedDemand { get; set; }

    /// <summary>The longest that a list may be wide.</summary>
    public int WidestRequest => settings.IsExempt ? int.MaxValue : Math.Max(1, (int)(Nominal * 0.15));

    public void Configure(LevelSettings next, int nominal)
    {
        lock (gate)
        {
            if (next.Queues != settings.Queues || next.HandSize != settings.HandSize || next.QueueLength != settings.QueueLength)
            {
                foreach (var waiter in queues?.All() ?? [])
                {
                    queues!.Remove(waiter, 0);
                    waiter.Call(false); // its queue is gone; the client is told to try again
                }

                queues = next.Queues > 0 ? new FairQueues(next.Queues, next.HandSize, next.QueueLength) : null;
            }

            settings = next;
            if (nominal != Nominal)
            {
                Nominal = Limit = nominal;
            }

            Dispatch();
        }
    }

    /// <summary>Takes seats, at once where there are some.</summary>
    /// <param name="width">How many; more than there are at all means all of them.</param>
    /// <param name="flow">Tells flows apart.</param>
    /// <param name="patience">How long the request may wait.</param>
    /// <param name="cancel">The client has left.</param>
    /// <returns>Seats without a level where the request is refused.</returns>
    public ValueTask<Seats> EnterAsync(int width, FlowIdentity flow, TimeSpan patience, CancellationToken cancel)
    {
        Waiter waiter;
        lock (gate)
        {
            if (settings.IsExempt || (queues is null or { Waiting: 0 } && Fits(width)))
            {
                inUse += width;
                peak = Math.Max(peak, inUse);
                return new(new Seats(this, width, null, time.GetTimestamp(), 0));
            }

            if (queues is null)
            {
                peak = Math.Max(peak, inUse + width);
                return default;
            }

            waiter = new Waiter(width);
            if (!queues.TryEnqueue(waiter, flow.Entropy))
            {
                return default;
            }

            peak = Math.Max(peak, inUse + queues.Seats);
        }

        return WaitAsync(waiter, patience, cancel);
    }

    public void Leave(Seats seats)
    {
        lock (gate)
        {
            var took = time.GetElapsedTime(seats.Began).TotalSeconds;
            guess += (Math.Min(took, 60) - guess) * Learning;
            inUse -= seats.Width;
            if (seats.Queue is { } queue)
            {
                queue.Start += (took * seats.Width) - seats.Charge;
            }

            Dispatch();
        }
    }

    public void Leave(Seats seats, TimeSpan lingers)
    {
        if (lingers == TimeSpan.Zero)
        {
            Leave(seats);
        }
        else
        {
            _ = LingerAsync(seats, lingers);
        }
    }

    /// <summary>The most seats that were asked for at once since this was last asked.</summary>
    public int TakeDemand()
    {
        lock (gate)
        {
            var seen = peak;
            peak = inUse + (queues?.Seats ?? 0);
            return seen;
        }
    }

    public void SetLimit(int limit)
    {
        lock (gate)
        {
            Limit = limit;
            Dispatch();
        }
    }

    private async Task LingerAsync(Seats seats, TimeSpan lingers)
    {
        await Task.Delay(lingers, time, CancellationToken.None);
        Leave(seats);
    }

    // Who is wider than the whole level waits until it is empty.
    private bool Fits(int width) => inUse + width <= Limit || inUse == 0;

    private void Dispatch()
    {
        while (queues?.Peek() is { } next && Fits(next.Width))
        {
            var queue = next.Queue!;
            next.Charge = guess * next.Width;
            queues.Remove(next, next.Charge);
            inUse += next.Width;
            next.Queue = queue;
            next.Call(true);
        }
    }

    private async ValueTask<Seats> WaitAsync(Waiter waiter, TimeSpan patience, CancellationToken cancel)
    {
        var called = false;
        try
        {
            called = await waiter.Turn.WaitAsync(patience, time, cancel);
        }
        catch (Exception tired) when (tired is TimeoutException or OperationCanceledException)
        {
            lock (gate)
            {
                // It may have been called in this very moment.
                called = waiter.Turn is { IsCompletedSuccessfully: true, Result: true };
                if (!waiter.Turn.IsCompleted)
                {
                    queues!.Remove(waiter, 0);
                    waiter.Call(false);
                }
            }

            if (cancel.IsCancellationRequested && called)
            {
                new Seats(this, waiter.Width, waiter.Queue, time.GetTimestamp(), waiter.Charge).Leave();
                throw;
            }
        }

        return called ? new Seats(this, waiter.Width, waiter.Queue, time.GetTimestamp(), waiter.Charge) : default;
    }
}
