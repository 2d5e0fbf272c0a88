namespace GrainKube.ApiServer.Watches;

/// <summary>
/// Wakes watchers of one kind in rounds: at a change each of them, one after the other, has a turn to send what is new for it, and after a round comes a rest as long as the round was.
/// A thousand watchers are so told of everything that happened meanwhile at once, for hardly more than one change would cost, and requests find the processor free half of the time;
/// a few watchers are told in less than a millisecond and never wait.
/// </summary>
internal sealed class WatchRounds(Func<Task> nextChange, TimeProvider time)
{
    /// <summary>Rounds that are shorter need no rest.</summary>
    private static readonly TimeSpan Noticeable = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan LongestRest = TimeSpan.FromMilliseconds(10);
    private readonly Lock gate = new();
    private List<WatchTurn> waiting = [];
    private List<WatchTurn> served = [];
    private TaskCompletionSource unread = NewSignal();
    private int members;
    private bool running;

    /// <param name="hasNews">Whether there is something that the watcher has not read yet.</param>
    /// <param name="bookmarks">How often it is to have a bookmark; null for never.</param>
    /// <param name="cancel">Ends the watch.</param>
    public WatchTurn Join(Func<bool> hasNews, TimeSpan? bookmarks, CancellationToken cancel)
    {
        lock (gate)
        {
            members++;
            if (!running)
            {
                running = true;
                unread.TrySetResult(); // what changes before the first look at the log is not missed
                ThreadPool.UnsafeQueueUserWorkItem(static self => _ = self.RunAsync(), this, preferLocal: false); // of no request's context
            }
        }

        return new WatchTurn(this, hasNews, bookmarks, time, cancel);
    }

    /// <summary>False where the turn has been cancelled meanwhile.</summary>
    public bool Add(WatchTurn turn, CancellationToken cancel)
    {
        lock (gate)
        {
            if (cancel.IsCancellationRequested)
            {
                return false;
            }

            waiting.Add(turn);
            return true;
        }
    }

    /// <summary>False where the turn is not waiting.</summary>
    public bool Remove(WatchTurn turn)
    {
        lock (gate)
        {
            return waiting.Remove(turn);
        }
    }

    /// <summary>There is something for a watcher that was not told of it by a change: what came while it had its turn, or a bookmark.</summary>
    public void Nudge()
    {
        lock (gate)
        {
            unread.TrySetResult();
        }
    }

    public void Leave()
    {
        lock (gate)
        {
            members--;
            unread.TrySetResult();
        }
    }

    private async Task RunAsync()
    {
        var changed = nextChange();
        while (true)
        {
            await Task.WhenAny(changed, unread.Task);
            changed = nextChange(); // before the readers look
            lock (gate)
            {
                if (members == 0)
                {
                    running = false;
                    return;
                }

                if (unread.Task.IsCompleted)
                {
                    unread = NewSignal();
                }

                (waiting, served) = (served, waiting);
            }

            var began = time.GetTimestamp();
            foreach (var turn in served)
            {
                turn.Give();
            }

            served.Clear();
            var took = time.GetElapsedTime(began);
            if (took > Noticeable)
            {
                await Task.Delay(took < LongestRest ? took : LongestRest, time, CancellationToken.None);
            }
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
