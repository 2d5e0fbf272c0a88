using GrainKube.Objects.Embedded;
using GrainKube.Objects.Store;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace GrainKube.Objects.Tests.Embedded;

public sealed class EmbeddedStoreHistoryTests : IDisposable
{
    private readonly TemporaryDirectory directory = new();
    private readonly CancellationTokenSource timeout = new(TimeSpan.FromSeconds(120));
    private readonly FakeTimeProvider time = new(new(2030, 1, 2, 3, 4, 5, TimeSpan.Zero));

    public void Dispose()
    {
        timeout.Dispose();
        directory.Dispose();
    }

    [Fact]
    public async Task A_new_store_is_at_revision_one()
    {
        await using var store = Open();
        Assert.Equal(1, await store.GetRevisionAsync(timeout.Token));
        Assert.Equal(2, (await store.CommitAsync(StoreTransaction.Create("/a", new byte[1]), timeout.Token)).Revision);
    }

    [Fact]
    public async Task History_is_forgotten_after_its_time()
    {
        await using var store = Open();
        var first = (await store.CommitAsync(StoreTransaction.Create("/a", new byte[1]), timeout.Token)).Revision;
        var second = (await store.CommitAsync(StoreTransaction.Update("/a", new byte[2], first), timeout.Token)).Revision;
        PassMinutes(9);
        Assert.Single((await store.ListAsync("/", new() { Revision = first }, timeout.Token)).Items);
        PassMinutes(3);
        await UntilAsync(async () => await IsCompactedAsync(store, first));
        Assert.Equal(2, Assert.Single((await store.ListAsync("/", new() { Revision = second }, timeout.Token)).Items).Value.Length);
    }

    [Fact]
    public async Task The_position_survives_when_the_newest_change_was_a_deletion_and_is_forgotten()
    {
        var revision = 0L;
        await using (var store = Open())
        {
            var created = (await store.CommitAsync(StoreTransaction.Create("/a", new byte[1]), timeout.Token)).Revision;
            revision = (await store.CommitAsync(StoreTransaction.Delete("/a", created), timeout.Token)).Revision;
            await store.CompactAsync(revision, timeout.Token);
        }

        await using var again = Open();
        Assert.Equal(revision, await again.GetRevisionAsync(timeout.Token));
        Assert.Equal(revision + 1, (await again.CommitAsync(StoreTransaction.Create("/b", new byte[1]), timeout.Token)).Revision);
    }

    [Fact]
    public async Task What_expired_while_nobody_was_running_goes_at_the_start()
    {
        await using (var store = Open())
        {
            await store.CommitAsync(new([], [StoreWrite.Put("/event", new byte[1], TimeSpan.FromMinutes(5))]), timeout.Token);
        }

        time.Advance(TimeSpan.FromMinutes(30));
        await using var again = Open();
        await UntilAsync(async () => await again.GetAsync("/event", timeout.Token) is null);
    }

    [Fact]
    public async Task Keys_of_one_minute_expire_together()
    {
        await using var store = Open();
        var start = await store.GetRevisionAsync(timeout.Token);
        await store.CommitAsync(new([], [StoreWrite.Put("/a", new byte[1], TimeSpan.FromSeconds(70))]), timeout.Token);
        time.Advance(TimeSpan.FromSeconds(20));
        await store.CommitAsync(new([], [StoreWrite.Put("/b", new byte[1], TimeSpan.FromSeconds(70))]), timeout.Token);
        time.Advance(TimeSpan.FromMinutes(3));
        var deletions = new List<StoreChange>();
        await foreach (var batch in store.WatchAsync("/", start, timeout.Token))
        {
            deletions.AddRange(batch.Items.Where(change => change.Value is null));
            if (deletions.Count == 2)
            {
                break;
            }
        }

        Assert.Single(deletions.Select(change => change.Revision).Distinct());
    }

    [Fact]
    public async Task A_watch_far_behind_catches_up_from_the_file_and_goes_on_from_memory()
    {
        await using var store = Open();
        var start = await store.GetRevisionAsync(timeout.Token);
        const int total = 9000; // More than memory holds.
        var writing = Task.WhenAll(Enumerable.Range(0, total).Select(i => store.CommitAsync(StoreTransaction.Create($"/{i}", new byte[100]), timeout.Token)));
        var seen = new List<long>();
        await foreach (var batch in store.WatchAsync("/", start, timeout.Token))
        {
            seen.AddRange(batch.Items.Select(change => change.Revision));
            if (seen.Count == total)
            {
                break;
            }
        }

        await writing;
        Assert.Equal(Enumerable.Range(2, total).Select(i => (long)i), seen);
    }

    [Fact]
    public async Task A_watch_is_told_its_position_though_nothing_of_its_own_changed()
    {
        await using var store = Open();
        var start = await store.GetRevisionAsync(timeout.Token);
        var other = (await store.CommitAsync(StoreTransaction.Create("/other", new byte[1]), timeout.Token)).Revision;
        await foreach (var batch in store.WatchAsync("/mine/", start, timeout.Token))
        {
            Assert.Empty(batch.Items);
            if (batch.Revision == other)
            {
                return;
            }
        }
    }

    private void PassMinutes(int count)
    {
        for (var i = 0; i < count; i++)
        {
            time.Advance(TimeSpan.FromMinutes(1)); // One by one: in a single step every tick would see the same, last, time.
        }
    }

    private EmbeddedObjectStore Open() => new(new() { Path = directory.File("store.db") }, time);

    private async Task<bool> IsCompactedAsync(EmbeddedObjectStore store, long revision)
    {
        try
        {
            await store.ListAsync("/", new() { Revision = revision }, timeout.Token);
            return false;
        }
        catch (StoreException failure) when (failure.Error is StoreError.Compacted)
        {
            return true;
        }
    }

    private async Task UntilAsync(Func<Task<bool>> condition)
    {
        while (!await condition())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, timeout.Token);
        }
    }
}
