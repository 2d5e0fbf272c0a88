using GrainKube.ApiMachinery.Errors;
using GrainKube.ApiMachinery.Objects;
using Microsoft.Extensions.Logging;

namespace GrainKube.Reconciliation.Queue;

/// <summary>
/// Keys to be worked on: each by one task at a time, many side by side. A key that is added while it is worked on is worked on once more. Failures back off.
/// </summary>
/// <param name="work">Works on a key.</param>
/// <param name="concurrency">How many keys are worked on at once.</param>
/// <param name="time">Clock of delays and back-off.</param>
/// <param name="logger">Where failures are told.</param>
internal sealed partial class ReconcileQueue(
    Func<ObjectKey, CancellationToken, Task<Outcome>> work, int concurrency, TimeProvider time, ILogger logger) : IAsyncDisposable
{
    private static readonly TimeSpan FirstBackoff = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan LongestBackoff = TimeSpan.FromSeconds(60);

    /// <summary>A timer takes no more than seven weeks; a key that is looked at too early says again how long.</summary>
    private static readonly TimeSpan LongestDelay = TimeSpan.FromDays(1);
    private readonly Lock gate = new();
    private readonly Queue<ObjectKey> ready = new();
    private readonly HashSet<ObjectKey> waiting = [];
    private readonly Dictionary<ObjectKey, bool> running = []; // the value says: added again meanwhile
    private readonly Dictionary<ObjectKey, int> failures = [];
    private readonly Dictionary<ObjectKey, (ITimer Timer, DateTimeOffset Due)> delayed = [];
    private readonly CancellationTokenSource stopping = new();
    private TaskCompletionSource? drained;
    private bool stopped;

    /// <summary>Keys that wait to be worked on, delayed ones not counted.</summary>
    public int Depth
    {
        get
        {
            lock (gate)
            {
                return ready.Count;
            }
        }
    }

    /// <summary>Something is worked on or waits for its turn.</summary>
    public bool IsBusy
    {
        get
        {
            lock (gate)
            {
                return running.Count > 0 || ready.Count > 0;
            }
        }
    }

    /// <summary>Wants the key worked on now. May be called from any thread.</summary>
    public void Add(ObjectKey key)
    {
        lock (gate)
        {
            if (stopped)
            {
                return;
            }

            Enqueue(key);
            StartMore();
        }
    }

    /// <summary>Wants the key worked on after a delay; an earlier wish stays, a later one gives way.</summary>
    public void AddAfter(ObjectKey key, TimeSpan delay)
    {
        lock (gate)
        {
            if (!stopped)
            {
                Delay(key, delay);
            }
        }
    }

    /// <summary>Takes no more keys, cancels what runs, and returns when nothing runs any more.</summary>
    public async ValueTask DisposeAsync()
    {
        Task rest;
        lock (gate)
        {
            if (stopped)
            {
                return;
            }

            stopped = true;
            ready.Clear();
            foreach (var (timer, _) in delayed.Values)
            {
                timer.Dispose();
            }

            delayed.Clear();
            drained = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            if (running.Count == 0)
            {
                drained.SetResult();
            }

            rest = drained.Task;
        }

        await stopping.CancelAsync();
        await rest;
        stopping.Dispose();
    }

    private void Enqueue(ObjectKey key)
    {
        if (delayed.Remove(key, out var entry))
        {
            entry.Timer.Dispose();
        }

        if (running.ContainsKey(key))
        {
            running[key] = true;
        }
        else if (waiting.Add(key))
        {
            ready.Enqueue(key);
        }
    }

    private void Delay(ObjectKey key, TimeSpan delay)
    {
        delay = delay < LongestDelay ? delay : LongestDelay;
        var due = time.GetUtcNow() + delay;
        if (waiting.Contains(key) || (running.TryGetValue(key, out var again) && again))
        {
            return;
        }

        if (delayed.TryGetValue(key, out var entry))
        {
            if (entry.Due <= due)
            {
                return;
            }

            entry.Timer.Dispose();
        }

        var timer = time.CreateTimer(_ => Add(key), null, delay, Timeout.InfiniteTimeSpan);
        delayed[key] = (timer, due);
    }

    private void StartMore()
    {
        while (running.Count < concurrency && ready.TryDequeue(out var key))
        {
            waiting.Remove(key);
            running[key] = false;
            _ = Task.Run(() => RunAsync(key));
        }
    }

    private async Task RunAsync(ObjectKey key)
    {
        TimeSpan? wake = null;
        var failed = false;
        try
        {
            wake = (await work(key, stopping.Token)).WakeAfter;
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
        }
        catch (ApiException refused)
        {
            failed = true;
            LogRefused(key, refused.Message);
        }
        catch (Exception error)
        {
            failed = true;
            LogFailed(key, error);
        }

        lock (gate)
        {
            running.Remove(key, out var again);
            if (stopped)
            {
                if (running.Count == 0)
                {
                    drained?.TrySetResult();
                }

                return;
            }

            if (failed)
            {
                wake = NextBackoff(key);
            }
            else
            {
                failures.Remove(key);
            }

            if (wake is { } delay)
            {
                Delay(key, delay);
            }

            // A change may be what the failure waited for: it does not sit out the back-off.
            if (again)
            {
                Enqueue(key);
            }

            StartMore();
        }
    }

    private TimeSpan NextBackoff(ObjectKey key)
    {
        var count = failures.GetValueOrDefault(key);
        failures[key] = count + 1;
        var delay = FirstBackoff * Math.Pow(2, Math.Min(count, 20));
        return delay < LongestBackoff ? delay : LongestBackoff;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Reconciling {Key} was refused and is tried again: {Reason}")]
    private partial void LogRefused(ObjectKey key, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Reconciling {Key} failed; it is tried again")]
    private partial void LogFailed(ObjectKey key, Exception error);
}
