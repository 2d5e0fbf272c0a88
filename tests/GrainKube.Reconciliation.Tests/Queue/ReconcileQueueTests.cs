using System.Collections.Concurrent;
using CsCheck;
using GrainKube.ApiMachinery.Objects;
using GrainKube.Reconciliation.Queue;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace GrainKube.Reconciliation.Tests.Queue;

public sealed class ReconcileQueueTests
{
    private static readonly ObjectKey Key = new("", "pods", "n", "a");
    private readonly FakeTimeProvider time = new();

    [Fact]
    public async Task A_key_added_while_it_is_worked_on_is_worked_on_once_more()
    {
        var (started, go, runs) = (new SemaphoreSlim(0), new SemaphoreSlim(0), 0);
        await using var queue = Queue(async (_, cancel) =>
        {
            runs++;
            started.Release();
            await go.WaitAsync(cancel);
            return Outcome.Done;
        });
        queue.Add(Key);
        await started.WaitAsync();

        for (var i = 0; i < 5; i++)
        {
            queue.Add(Key);
        }

        go.Release();
        await started.WaitAsync();
        go.Release();
        await IdleAsync(queue);
        Assert.Equal(2, runs);
    }

    [Fact]
    public async Task Failures_back_off_and_success_forgets_them()
    {
        var (ran, runs) = (new SemaphoreSlim(0), 0);
        await using var queue = Queue((_, _) =>
        {
            var run = ++runs;
            ran.Release();
            return run == 3 ? Task.FromResult(Outcome.Done) : throw new InvalidOperationException("no");
        });
        queue.Add(Key);
        await ran.WaitAsync();
        await IdleAsync(queue);
        time.Advance(TimeSpan.FromMilliseconds(4));
        Assert.Equal(1, runs);
        time.Advance(TimeSpan.FromMilliseconds(1));
        await ran.WaitAsync();
        await IdleAsync(queue);
        time.Advance(TimeSpan.FromMilliseconds(9));
        Assert.Equal(2, runs);
        time.Advance(TimeSpan.FromMilliseconds(1));
        await ran.WaitAsync();
        await IdleAsync(queue);

        queue.Add(Key);
        await ran.WaitAsync();
        await IdleAsync(queue);
        time.Advance(TimeSpan.FromMilliseconds(5));
        await ran.WaitAsync();
        Assert.Equal(5, runs);
    }

    [Fact]
    public async Task A_change_does_not_sit_out_the_back_off()
    {
        var (ran, go, runs) = (new SemaphoreSlim(0), new SemaphoreSlim(0), 0);
        await using var queue = Queue(async (_, cancel) =>
        {
            var run = ++runs;
            ran.Release();
            await go.WaitAsync(cancel);
            return run == 1 ? throw new InvalidOperationException("no") : Outcome.Done;
        });
        queue.Add(Key);
        await ran.WaitAsync();
        queue.Add(Key);
        go.Release(2);

        await ran.WaitAsync(); // without any time passing
        await IdleAsync(queue);
        Assert.Equal(2, runs);
    }

    [Fact]
    public async Task A_wish_to_be_woken_is_kept_and_the_earlier_of_two_counts()
    {
        var ran = new SemaphoreSlim(0);
        await using var queue = Queue((_, _) =>
        {
            ran.Release();
            return Task.FromResult(Outcome.Done);
        });

        queue.AddAfter(Key, TimeSpan.FromMinutes(5));
        queue.AddAfter(Key, TimeSpan.FromMinutes(1));
        queue.AddAfter(Key, TimeSpan.FromMinutes(9));
        time.Advance(TimeSpan.FromSeconds(59));
        Assert.Equal(0, ran.CurrentCount);
        time.Advance(TimeSpan.FromSeconds(1));
        await ran.WaitAsync();
        time.Advance(TimeSpan.FromMinutes(10));
        await IdleAsync(queue);
        Assert.Equal(0, ran.CurrentCount);
    }

    [Fact]
    public async Task A_wish_for_a_time_beyond_all_timers_loses_nothing()
    {
        var (started, go, runs) = (new SemaphoreSlim(0), new SemaphoreSlim(0), 0);
        await using var queue = new ReconcileQueue(
            async (_, cancel) =>
            {
                runs++;
                started.Release();
                await go.WaitAsync(cancel);
                return Outcome.WakeIn(TimeSpan.FromDays(36_500));
            },
            4,
            TimeProvider.System,
            NullLogger.Instance);
        queue.Add(Key);
        await started.WaitAsync();
        queue.Add(Key);
        go.Release();

        await started.WaitAsync();
        go.Release();
        await IdleAsync(queue);
        queue.Add(Key);
        await started.WaitAsync();
        go.Release();
        Assert.Equal(3, runs);
    }

    [Fact]
    public async Task Disposal_cancels_what_runs_and_waits_for_it()
    {
        var (started, ended) = (new SemaphoreSlim(0), false);
        var queue = Queue(async (_, cancel) =>
        {
            started.Release();
            try
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancel);
            }
            finally
            {
                ended = true;
            }

            return Outcome.Done;
        });
        queue.Add(Key);
        await started.WaitAsync();

        await queue.DisposeAsync();

        Assert.True(ended);
        queue.Add(Key);
        Assert.Equal(0, queue.Depth);
    }

    [Fact]
    public void Every_key_is_worked_on_after_its_last_add_and_never_twice_at_once() => Gen.Int[0, 9].Array[1, 200].Sample(
        adds =>
        {
            var (versions, seen, running, overlaps) = (new ConcurrentDictionary<string, int>(), new ConcurrentDictionary<string, int>(), new ConcurrentDictionary<string, bool>(), 0);
            var queue = new ReconcileQueue(
                async (key, _) =>
                {
                    if (!running.TryAdd(key.Name, true))
                    {
                        Interlocked.Increment(ref overlaps);
                    }

                    seen[key.Name] = versions[key.Name];
                    await Task.Yield();
                    running.TryRemove(key.Name, out bool _);
                    return Outcome.Done;
                },
                4,
                TimeProvider.System,
                NullLogger.Instance);
            foreach (var add in adds)
            {
                var name = add.ToString(System.Globalization.CultureInfo.InvariantCulture);
                versions.AddOrUpdate(name, 1, (_, v) => v + 1);
                queue.Add(new ObjectKey("", "pods", "n", name));
            }

            SpinWait.SpinUntil(() => versions.All(v => seen.TryGetValue(v.Key, out var s) && s == v.Value), TimeSpan.FromSeconds(60));
            queue.DisposeAsync().AsTask().GetAwaiter().GetResult();
            return overlaps == 0 && versions.All(v => seen[v.Key] == v.Value);
        },
        iter: 200,
        threads: 1);

    private ReconcileQueue Queue(Func<ObjectKey, CancellationToken, Task<Outcome>> work) => new(work, 4, time, NullLogger.Instance);

    // The queue's own bookkeeping after a run is over in a moment; nothing tells of its end but this.
    private static async Task IdleAsync(ReconcileQueue queue)
    {
        while (queue.IsBusy)
        {
            await Task.Yield();
        }
    }
}
