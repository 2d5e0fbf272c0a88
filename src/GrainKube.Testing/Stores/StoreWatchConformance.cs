using GrainKube.Objects.Store;
using Xunit;

namespace GrainKube.Testing.Stores;

/// <summary>What every store's watch must do: tell each change once, in order, from any revision on.</summary>
public abstract class StoreWatchConformance : StoreConformance
{
    [Fact]
    public async Task A_watch_tells_creation_update_and_deletion()
    {
        var start = await Store.GetRevisionAsync(Cancel);
        var created = await CreateAsync("a", "1");
        var updated = await UpdateAsync("a", "2", created);
        var deleted = await DeleteAsync("a", updated);
        var seen = await WatchAsync(start, 3);
        Assert.Equal([(created, created), (updated, created), (deleted, 0)], seen.Select(change => (change.Revision, change.CreateRevision)));
        Assert.Equal(["1", "2", null], seen.Select(change => change.Value is null ? null : Text(change.Value)));
    }

    [Fact]
    public async Task A_watch_starts_after_its_revision()
    {
        var a = await CreateAsync("a");
        var b = await CreateAsync("b");
        Assert.Equal(b, Assert.Single(await WatchAsync(a, 1)).Revision);
    }

    [Fact]
    public async Task A_watch_is_told_what_happens_later()
    {
        var seen = WatchAsync(await Store.GetRevisionAsync(Cancel), 2);
        var a = await CreateAsync("a");
        var b = await CreateAsync("b");
        Assert.Equal([a, b], (await seen).Select(change => change.Revision));
    }

    [Fact]
    public async Task A_watch_hears_nothing_of_other_prefixes()
    {
        var start = await Store.GetRevisionAsync(Cancel);
        await CreateAsync("nodes/a");
        await CreateAsync("podsx");
        var pod = await CreateAsync("pods/a");
        Assert.Equal(pod, Assert.Single(await WatchAsync(start, 1, under: "pods/")).Revision);
    }

    [Fact]
    public async Task A_watch_of_a_coming_revision_waits_for_it()
    {
        var next = await Store.GetRevisionAsync(Cancel) + 1;
        var seen = WatchAsync(next, 1);
        var first = await CreateAsync("a");
        var second = await CreateAsync("b");
        Assert.Equal(next, first);
        Assert.Equal(second, Assert.Single(await seen).Revision);
    }

    [Fact]
    public async Task A_batch_never_splits_a_revision()
    {
        var start = await Store.GetRevisionAsync(Cancel);
        var writing = WriteManyAsync(transactions: 200, changes: 7);
        var (count, last) = (0, start);
        await foreach (var batch in Store.WatchAsync(Prefix, start, Cancel))
        {
            Assert.All(batch.Items.GroupBy(change => change.Revision), revision => Assert.Equal(7, revision.Count()));
            Assert.All(batch.Items, change => Assert.True(change.Revision > last, "a revision came in two batches"));
            last = batch.Revision;
            count += batch.Items.Count;
            if (count == 1400)
            {
                break;
            }
        }

        await writing;
    }

    [Fact]
    public async Task Watches_at_all_speeds_see_the_same()
    {
        var start = await Store.GetRevisionAsync(Cancel);
        const int total = 6000;
        var watches = Enumerable.Range(0, 4).Select(_ => WatchAsync(start, total)).ToList();
        await Task.WhenAll(Enumerable.Range(0, 8).Select(writer => WriteManyAsync(transactions: total / 8 / 5, changes: 5, $"w{writer}/")));
        watches.Add(WatchAsync(start, total)); // From history alone.
        var seen = await Task.WhenAll(watches);
        var order = seen[0].Select(change => (change.Revision, change.Key)).ToList();
        Assert.Equal(total, order.Distinct().Count());
        Assert.Equal(order.Select(change => change.Revision).Order(), order.Select(change => change.Revision));
        Assert.All(seen, other => Assert.Equal(order, other.Select(change => (change.Revision, change.Key))));
    }

    [Fact]
    public async Task A_watch_ends_when_it_is_cancelled()
    {
        using var cancel = new CancellationTokenSource();
        var start = await Store.GetRevisionAsync(Cancel);
        var watching = Task.Run(async () =>
        {
            await foreach (var batch in Store.WatchAsync(Prefix, start, cancel.Token))
            {
                if (batch.Items.Count > 0)
                {
                    await cancel.CancelAsync();
                }
            }
        });
        await CreateAsync("a");
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => watching.WaitAsync(Cancel));
    }

    [Fact]
    public async Task A_watch_goes_on_from_where_an_earlier_one_stood_before_a_restart()
    {
        var a = await CreateAsync("a");
        var b = await CreateAsync("b");
        await RestartAsync();
        var c = await CreateAsync("c");
        Assert.Equal([b, c], (await WatchAsync(a, 2)).Select(change => change.Revision));
    }

    [Fact]
    public async Task A_list_and_the_watch_after_it_miss_nothing()
    {
        var writing = WriteManyAsync(transactions: 300, changes: 1);
        var page = await ListAsync();
        var seen = await WatchAsync(page.Revision, 300 - page.Items.Count);
        await writing;
        Assert.Equal(300, page.Items.Select(item => item.Key).Concat(seen.Select(change => change.Key)).Distinct().Count());
    }

    private async Task WriteManyAsync(int transactions, int changes, string under = "")
    {
        for (var i = 0; i < transactions; i++)
        {
            var transaction = new StoreTransaction([], [.. Enumerable.Range(0, changes).Select(j => StoreWrite.Put(Key($"{under}{i}-{j}"), Bytes($"{i}")))]);
            Assert.True((await CommitAsync(transaction)).Succeeded);
        }
    }
}
