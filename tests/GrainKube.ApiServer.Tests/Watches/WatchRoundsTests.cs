using System.Collections.Concurrent;
using GrainKube.ApiServer.Watches;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace GrainKube.ApiServer.Tests.Watches;

public sealed class WatchRoundsTests
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);
    private readonly FakeTimeProvider time = new();
    private readonly Log log = new();

    [Fact]
    public async Task A_change_gives_everyone_one_turn()
    {
        var rounds = Rounds();
        var told = new BlockingCollection<string>();
        using var cancel = new CancellationTokenSource();
        foreach (var name in (string[])["a", "b", "c"])
        {
            _ = FollowAsync(rounds, name, told, cancel.Token);
        }

        log.Append();
        Assert.Equal(["a 1", "b 1", "c 1"], Take(told, 3).Order()); // who joins while a round begins may have its place behind those who joined later
        log.Append();
        Assert.Equal(["a 2", "b 2", "c 2"], Take(told, 3).Order());
        Assert.Empty(told);
        await cancel.CancelAsync();
    }

    [Fact]
    public async Task A_change_that_comes_during_a_turn_is_told_in_the_next_round()
    {
        using var cancel = new CancellationTokenSource();
        var read = 0;
        using var turn = Rounds().Join(() => log.Count > read, bookmarks: null, cancel.Token);
        read = log.Count;
        log.Append(); // after its look and before its wait
        await turn.WaitAsync().AsTask().WaitAsync(Bound);
        Assert.Equal(1, log.Count - read);
    }

    [Fact]
    public async Task After_a_long_round_comes_a_rest_in_which_changes_gather()
    {
        using var cancel = new CancellationTokenSource();
        var (slow, quick) = (new BlockingCollection<string>(), new BlockingCollection<string>());
        _ = FollowAsync(Rounds(), "slow", slow, cancel.Token, work: TimeSpan.FromMilliseconds(5));
        log.Append();
        Assert.Equal(["slow 1"], Take(slow, 1));
        _ = FollowAsync(Rounds(), "quick", quick, cancel.Token); // not before: the slow one's time is everybody's
        log.Append();
        Assert.Equal(["quick 2"], Take(quick, 1));
        log.Append();
        Assert.Equal(["quick 3"], Take(quick, 1));
        string? line;
        while (!slow.TryTake(out line, millisecondsTimeout: 5))
        {
            time.Advance(TimeSpan.FromMilliseconds(5)); // the rest may only be about to begin
        }

        Assert.Equal("slow 3", line);
        await cancel.CancelAsync();
    }

    [Fact]
    public async Task Who_is_cancelled_leaves_at_once_and_holds_up_nobody()
    {
        using var leaving = new CancellationTokenSource();
        using var staying = new CancellationTokenSource();
        var rounds = Rounds();
        var told = new BlockingCollection<string>();
        var gone = FollowAsync(rounds, "gone", told, leaving.Token);
        _ = FollowAsync(rounds, "here", told, staying.Token);
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => gone.WaitAsync(Bound));
        log.Append();
        Assert.Equal(["here 1"], Take(told, 1));
        await staying.CancelAsync();
    }

    [Fact]
    public async Task A_bookmark_is_due_when_its_interval_has_passed_and_only_once()
    {
        using var cancel = new CancellationTokenSource();
        using var turn = Rounds().Join(() => false, TimeSpan.FromMinutes(1), cancel.Token);
        var waiting = turn.WaitAsync().AsTask();
        time.Advance(TimeSpan.FromMinutes(1));
        await waiting.WaitAsync(Bound);
        Assert.True(turn.TakeBookmark());
        Assert.False(turn.TakeBookmark());
    }

    [Fact]
    public async Task Who_comes_after_all_have_left_is_told_too()
    {
        var rounds = Rounds();
        var told = new BlockingCollection<string>();
        for (var i = 1; i <= 3; i++)
        {
            using var cancel = new CancellationTokenSource();
            var following = FollowAsync(rounds, "w", told, cancel.Token);
            log.Append();
            Assert.Equal([$"w {i}"], Take(told, 1));
            await cancel.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => following.WaitAsync(Bound));
        }
    }

    [Fact]
    public async Task Nobody_misses_a_change_however_they_come_and_go()
    {
        var rounds = new WatchRounds(log.NextAsync, TimeProvider.System);
        const int changes = 3000;
        using var all = new CancellationTokenSource();
        var readers = Enumerable.Range(0, 40).Select(async i =>
        {
            var read = 0;
            using var mine = rounds.Join(() => log.Count > read, bookmarks: null, all.Token);
            while (read < changes)
            {
                read = log.Count;
                if (i % 3 == 0)
                {
                    await Task.Yield();
                }

                if (read < changes)
                {
                    await mine.WaitAsync().ConfigureAwait(false);
                }
            }
        }).ToArray();
        await Task.Run(() => Parallel.For(0, changes, _ => log.Append()));
        await Task.WhenAll(readers).WaitAsync(Bound);
        Assert.Equal(changes, log.Count);
    }

    private WatchRounds Rounds() => new(log.NextAsync, time);

    private static string[] Take(BlockingCollection<string> told, int count) =>
        [.. Enumerable.Range(0, count).Select(_ => told.TryTake(out var line, Bound) ? line : throw new TimeoutException())];

    private async Task FollowAsync(WatchRounds rounds, string name, BlockingCollection<string> told, CancellationToken cancel, TimeSpan work = default)
    {
        var read = log.Count;
        using var turn = rounds.Join(() => log.Count > read, bookmarks: null, cancel);
        while (true)
        {
            if (log.Count > read)
            {
                read = log.Count;
                time.Advance(work);
                told.Add($"{name} {read}", CancellationToken.None);
            }

            await turn.WaitAsync().ConfigureAwait(false); // in the turn itself, not where the test runs
        }
    }

    /// <summary>A log that only counts.</summary>
    private sealed class Log
    {
        private int count;
        private TaskCompletionSource? changed;

        public int Count => Volatile.Read(ref count);

        public void Append()
        {
            Interlocked.Increment(ref count);
            Interlocked.Exchange(ref changed, null)?.SetResult();
        }

        public Task NextAsync()
        {
            var made = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return (Interlocked.CompareExchange(ref changed, made, null) ?? made).Task;
        }
    }
}
