using System.Globalization;
using GrainKube.Objects.Store;
using Xunit;

namespace GrainKube.Testing.Stores;

/// <summary>What every store must do: commits, lists, history, expiry, restart. A store's test class says only how to open it.</summary>
public abstract class ObjectStoreConformance : StoreConformance
{
    /// <summary>The shortest expiry that a test can wait for.</summary>
    protected abstract TimeSpan ShortExpiry { get; }

    /// <summary>Lets so much of the store's time pass, if it is ours to say; otherwise it passes by itself.</summary>
    protected abstract Task PassTimeAsync(TimeSpan time);

    [Fact]
    public async Task A_created_key_has_the_revision_of_its_commit()
    {
        var revision = await CreateAsync("a", """{"n":1}""");
        var value = await GetAsync("a");
        Assert.NotNull(value);
        Assert.Equal((revision, revision, """{"n":1}"""), (value.CreateRevision, value.Revision, Text(value.Value)));
        Assert.True(await Store.GetRevisionAsync(Cancel) >= revision);
    }

    [Fact]
    public async Task An_absent_key_is_null() => Assert.Null(await GetAsync("nothing"));

    [Fact]
    public async Task Revisions_grow_and_the_creation_is_remembered()
    {
        var created = await CreateAsync("a");
        var updated = await UpdateAsync("a", "2", created);
        var value = await GetAsync("a");
        Assert.True(updated > created);
        Assert.Equal((created, updated), (value!.CreateRevision, value.Revision));
    }

    [Fact]
    public async Task Creating_what_exists_answers_what_stands_there()
    {
        var revision = await CreateAsync("a", "first");
        var commit = await CommitAsync(StoreTransaction.Create(Key("a"), Bytes("second")));
        Assert.False(commit.Succeeded);
        Assert.Equal(("first", revision), (Text(commit.Current.Single()!.Value), commit.Current.Single()!.Revision));
        Assert.Equal("first", Text((await GetAsync("a"))!.Value));
    }

    [Fact]
    public async Task Updating_an_older_revision_changes_nothing()
    {
        var created = await CreateAsync("a", "1");
        await UpdateAsync("a", "2", created);
        var commit = await CommitAsync(StoreTransaction.Update(Key("a"), Bytes("3"), created));
        Assert.False(commit.Succeeded);
        Assert.Equal("2", Text(commit.Current.Single()!.Value));
        Assert.Equal("2", Text((await GetAsync("a"))!.Value));
    }

    [Fact]
    public async Task Updating_or_deleting_what_is_gone_answers_absence()
    {
        var created = await CreateAsync("a");
        await DeleteAsync("a", created);
        Assert.Null(Assert.Single((await CommitAsync(StoreTransaction.Update(Key("a"), Bytes("2"), created))).Current));
        Assert.Null(Assert.Single((await CommitAsync(StoreTransaction.Delete(Key("a"), created))).Current));
        Assert.Null(await GetAsync("a"));
    }

    [Fact]
    public async Task A_key_made_again_is_another_key()
    {
        var first = await CreateAsync("a");
        var deleted = await DeleteAsync("a", first);
        var second = await CreateAsync("a");
        var value = await GetAsync("a");
        Assert.True(first < deleted && deleted < second);
        Assert.Equal((second, second), (value!.CreateRevision, value.Revision));
    }

    [Fact]
    public async Task Changes_of_one_transaction_share_a_revision()
    {
        var old = await CreateAsync("old");
        var commit = await CommitAsync(StoreTransaction.Create(Key("a"), Bytes("1")).And(StoreWrite.Put(Key("b"), Bytes("2"))).And(StoreWrite.Delete(Key("old"))).If(Key("old"), old));
        Assert.True(commit.Succeeded);
        Assert.Equal([commit.Revision, commit.Revision], [(await GetAsync("a"))!.Revision, (await GetAsync("b"))!.Revision]);
        Assert.Null(await GetAsync("old"));
    }

    [Fact]
    public async Task One_failed_compare_stops_the_whole_transaction()
    {
        var a = await CreateAsync("a", "1");
        var commit = await CommitAsync(StoreTransaction.Update(Key("a"), Bytes("2"), a).And(StoreWrite.Put(Key("b"), Bytes("2"))).If(Key("quota"), 7));
        Assert.False(commit.Succeeded);
        Assert.Equal(["1", null], commit.Current.Select(value => value is null ? null : Text(value.Value)));
        Assert.Equal("1", Text((await GetAsync("a"))!.Value));
        Assert.Null(await GetAsync("b"));
    }

    [Fact]
    public async Task A_transaction_without_changes_only_answers()
    {
        var a = await CreateAsync("a");
        var before = await Store.GetRevisionAsync(Cancel);
        Assert.True((await CommitAsync(new([new(Key("a"), a), new(Key("b"), 0)], []))).Succeeded);
        Assert.False((await CommitAsync(new([new(Key("a"), a + 1)], []))).Succeeded);
        Assert.Equal(before, await Store.GetRevisionAsync(Cancel));
    }

    [Fact]
    public async Task Deleting_an_absent_key_is_no_change()
    {
        var before = await Store.GetRevisionAsync(Cancel);
        Assert.True((await CommitAsync(new([], [StoreWrite.Delete(Key("nothing"))]))).Succeeded);
        Assert.Equal(before, await Store.GetRevisionAsync(Cancel));
    }

    [Fact]
    public async Task Changing_a_key_twice_in_a_transaction_is_misuse() =>
        await Assert.ThrowsAsync<ArgumentException>(() => CommitAsync(StoreTransaction.Create(Key("a"), Bytes("1")).And(StoreWrite.Delete(Key("a")))));

    [Fact]
    public async Task A_list_is_ordered_and_holds_its_prefix_only()
    {
        foreach (var name in (string[])["pods/b", "pods/a", "pods/a-1", "pods/a/x", "podsx", "nodes/a"])
        {
            await CreateAsync(name, name);
        }

        var page = await Store.ListAsync(Key("pods/"), default, Cancel);
        Assert.Equal(["pods/a", "pods/a-1", "pods/a/x", "pods/b"], page.Items.Select(item => item.Key[Prefix.Length..]));
        Assert.False(page.HasMore);
        Assert.All(page.Items, item => Assert.Equal(item.Key, Prefix + Text(item.Value)));
    }

    [Fact]
    public async Task Pages_show_one_picture_while_the_store_goes_on()
    {
        for (var i = 0; i < 25; i++)
        {
            await CreateAsync(i.ToString("d2", CultureInfo.InvariantCulture), "old");
        }

        var all = new List<string>();
        var page = await ListAsync(new() { Limit = 10 });
        Assert.True(page.HasMore);
        Assert.True(page.Remaining is null or 15);
        await CommitAsync(new([], [StoreWrite.Delete(Key("11")), StoreWrite.Put(Key("12"), Bytes("new")), StoreWrite.Put(Key("125"), Bytes("new"))]));
        await CommitAsync(new([], [StoreWrite.Put(Key("12"), Bytes("newer"))]));
        all.AddRange(Shown(page));
        while (page.HasMore)
        {
            var next = await ListAsync(new() { Limit = 10, Revision = page.Revision, After = page.Items[^1].Key });
            Assert.Equal(page.Revision, next.Revision);
            all.AddRange(Shown(page = next));
        }

        Assert.Equal(Enumerable.Range(0, 25).Select(i => $"{i:d2}=old"), all);
    }

    [Fact]
    public async Task A_list_of_keys_carries_no_values()
    {
        var revision = await CreateAsync("a", "value");
        var item = Assert.Single((await ListAsync(new() { KeysOnly = true })).Items);
        Assert.Equal((Key("a"), revision, revision, 0), (item.Key, item.CreateRevision, item.Revision, item.Value.Length));
    }

    [Fact]
    public async Task A_list_in_the_past_shows_what_stood_there()
    {
        var a = await CreateAsync("a", "1");
        var b = await CreateAsync("b", "1");
        var updated = await UpdateAsync("a", "2", a);
        await DeleteAsync("b", b);
        await UpdateAsync("a", "3", updated);
        await CreateAsync("b", "again");
        Assert.Equal(["a=1"], Shown(await ListAsync(new() { Revision = a })));
        Assert.Equal(["a=1", "b=1"], Shown(await ListAsync(new() { Revision = b })));
        Assert.Equal(["a=2", "b=1"], Shown(await ListAsync(new() { Revision = updated })));
        Assert.Equal(["a=3", "b=again"], Shown(await ListAsync()));
    }

    [Fact]
    public async Task The_future_cannot_be_listed()
    {
        var revision = await CreateAsync("a");
        Assert.Equal(StoreError.FutureRevision, await ErrorOfAsync(() => ListAsync(new() { Revision = revision + 1000 })));
        Assert.Equal(StoreError.FutureRevision, await ErrorOfAsync(() => Store.CompactAsync(revision + 1000, Cancel)));
    }

    [Fact]
    public async Task Compaction_forgets_the_past_and_keeps_what_stands()
    {
        var a = await CreateAsync("a", "1");
        var kept = await CreateAsync("kept", "1");
        var updated = await UpdateAsync("a", "2", a);
        var last = await UpdateAsync("a", "3", updated);
        await Store.CompactAsync(updated, Cancel);
        await Store.CompactAsync(updated, Cancel); // Again is no error.
        Assert.Equal(StoreError.Compacted, await ErrorOfAsync(() => ListAsync(new() { Revision = kept })));
        Assert.Equal(StoreError.Compacted, await ErrorOfAsync(() => WatchAsync(kept, 1)));
        Assert.Equal(["a=2", "kept=1"], Shown(await ListAsync(new() { Revision = updated })));
        Assert.Equal(["a=3", "kept=1"], Shown(await ListAsync()));
        Assert.Equal(last, Assert.Single(await WatchAsync(updated, 1)).Revision);
    }

    [Fact]
    public async Task An_expired_key_is_deleted_as_by_a_client()
    {
        var first = (await CommitAsync(new([], [StoreWrite.Put(Key("event"), Bytes("1"), ShortExpiry), StoreWrite.Put(Key("other"), Bytes("1"), ShortExpiry)]))).Revision;
        var stays = await CreateAsync("stays");
        await CommitAsync(new([], [StoreWrite.Put(Key("other"), Bytes("2"))])); // Put again without expiry.
        var seen = WatchAsync(stays, 2);
        await PassTimeAsync(ShortExpiry);
        var deleted = (await seen)[1];
        Assert.Equal((Key("event"), true, 0L), (deleted.Key, deleted.Value is null, deleted.CreateRevision));
        Assert.True(deleted.Revision > first);
        Assert.Equal(["other=2", "stays={}"], Shown(await ListAsync()));
    }

    [Fact]
    public async Task Everything_is_there_after_a_restart()
    {
        var a = await CreateAsync("a", "1");
        var b = await CreateAsync("b", "1");
        await UpdateAsync("a", "2", a);
        var last = await DeleteAsync("b", b);
        await RestartAsync();
        Assert.True(await Store.GetRevisionAsync(Cancel) >= last);
        Assert.Equal(["a=2"], Shown(await ListAsync()));
        Assert.Equal(["a=1", "b=1"], Shown(await ListAsync(new() { Revision = b })));
        Assert.Equal([a, b, last], (await WatchAsync(a - 1, 4)).Select(change => change.Revision).Where(revision => revision != last - 1));
        Assert.True(await CreateAsync("c") > last);
    }

    [Fact]
    public async Task Of_many_writers_of_one_revision_one_wins()
    {
        var revision = await CreateAsync("counter", "0");
        for (var round = 1; round <= 10; round++)
        {
            var commits = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => CommitAsync(StoreTransaction.Update(Key("counter"), Bytes($"{round}"), revision))));
            var won = Assert.Single(commits, commit => commit.Succeeded);
            Assert.All(commits.Where(commit => !commit.Succeeded), commit => Assert.Equal(won.Revision, commit.Current.Single()!.Revision));
            revision = won.Revision;
        }
    }

    [Fact]
    public async Task A_read_sees_every_write_acknowledged_before()
    {
        await Task.WhenAll(Enumerable.Range(0, 16).Select(async writer =>
        {
            for (var i = 0; i < 20; i++)
            {
                var revision = await CreateAsync($"{writer}/{i}");
                Assert.Equal(revision, (await GetAsync($"{writer}/{i}"))!.Revision);
                Assert.True(await Store.GetRevisionAsync(Cancel) >= revision);
                Assert.Equal(i + 1, (await Store.ListAsync(Key($"{writer}/"), default, Cancel)).Items.Count);
            }
        }));
    }

    [Fact]
    public async Task A_large_value_comes_back_whole()
    {
        var value = new byte[1 << 20];
        new Random(1).NextBytes(value);
        Assert.True((await CommitAsync(StoreTransaction.Create(Key("large"), value))).Succeeded);
        Assert.True((await GetAsync("large"))!.Value.Span.SequenceEqual(value));
    }

    [Fact]
    public async Task A_value_that_is_too_large_is_refused()
    {
        Assert.Equal(StoreError.TooLarge, await ErrorOfAsync(() => CommitAsync(StoreTransaction.Create(Key("large"), new byte[64 << 20]))));
        Assert.Null(await GetAsync("large"));
    }
}
