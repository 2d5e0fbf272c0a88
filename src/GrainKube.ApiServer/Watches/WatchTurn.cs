using System.Threading.Tasks.Sources;

namespace GrainKube.ApiServer.Watches;

/// <summary>One watcher's place in the rounds. What it does in its turn it does on the round's own thread, up to the first thing it has to wait for.</summary>
internal sealed class WatchTurn : IValueTaskSource, IDisposable
{
    private readonly WatchRounds rounds;
    private readonly Func<bool> hasNews;
    private readonly CancellationToken cancel;
    private readonly CancellationTokenRegistration leaving;
    private readonly ITimer? timer;
    private ManualResetValueTaskSourceCore<bool> turn;
    private volatile bool bookmarkDue;

    public WatchTurn(WatchRounds rounds, Func<bool> hasNews, TimeSpan? bookmarks, TimeProvider time, CancellationToken cancel)
    {
        (this.rounds, this.hasNews, this.cancel) = (rounds, hasNews, cancel);
        timer = bookmarks is { } interval ? time.CreateTimer(_ => RemindOfBookmark(), null, interval, interval) : null;
        leaving = cancel.UnsafeRegister(static self => ((WatchTurn)self!).Cancel(), this);
    }

    /// <summary>Completes when there may be something to send.</summary>
    /// <exception cref="OperationCanceledException">The watch is over.</exception>
    public ValueTask WaitAsync()
    {
        turn.Reset();
        return new ValueTask(this, turn.Version);
    }

    /// <summary>Whether a bookmark is to be sent now; once for each interval.</summary>
    public bool TakeBookmark()
    {
        var due = bookmarkDue;
        bookmarkDue = false;
        return due;
    }

    public void Give() => turn.SetResult(true);

    public void Dispose()
    {
        leaving.Dispose();
        timer?.Dispose();
        rounds.Leave();
    }

    public void GetResult(short token) => turn.GetResult(token);

    public ValueTaskSourceStatus GetStatus(short token) => turn.GetStatus(token);

    // It queues up only when it is known how to go on: so that its turn is never taken on the thread of whoever waits.
    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags)
    {
        turn.OnCompleted(continuation, state, token, flags);
        if (!rounds.Add(this, cancel))
        {
            turn.SetException(new OperationCanceledException(cancel));
        }
        else if (hasNews() || bookmarkDue)
        {
            // What came between the last look and now belongs to the next round, which nobody else may ask for.
            rounds.Nudge();
        }
    }

    private void RemindOfBookmark()
    {
        bookmarkDue = true;
        rounds.Nudge();
    }

    private void Cancel()
    {
        if (rounds.Remove(this))
        {
            turn.SetException(new OperationCanceledException(cancel));
        }
    }
}
