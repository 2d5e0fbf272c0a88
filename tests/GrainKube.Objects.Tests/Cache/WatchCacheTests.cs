using System.Text.Json.Nodes;
using CsCheck;
using GrainKube.ApiMachinery.Errors;
using GrainKube.Objects.Cache;
using GrainKube.Objects.Store;
using GrainKube.Objects.Tests.World;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace GrainKube.Objects.Tests.Cache;

public sealed class WatchCacheTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task What_was_there_before_is_loaded_in_pages_and_in_order()
    {
        await using var world = await CacheWorld.StartAsync(async store =>
        {
            for (var i = 0; i < 2300; i++)
            {
                await CacheWorld.PutAsync(store, ObjectWorld.Widget($"w{i}", i % 2 == 0 ? "a" : "a-b"));
            }
        });
        Assert.Equal((await world.StoredAsync(WidgetDefinition.Resource)).Select(s => s.Key), world.Widgets.Snapshot.All.Select(o => o.Key.StoreKey));
        Assert.Equal(1150, world.Widgets.Snapshot.In("a").Count());
    }

    [Fact]
    public Task Whatever_is_written_the_cache_ends_as_the_store_and_its_log_replays_to_it() => Gen.Select(Gen.Int[0, 30], Gen.Int[0, 9]).Array[1, 120].SampleAsync(
        async steps =>
        {
            await using var world = await CacheWorld.StartAsync();
            var watch = world.Widgets.Watch(world.Cache.Revision);
            var subscribed = new List<ObjectChange>();
            using var subscription = world.Widgets.Subscribe(subscribed.Add);
            foreach (var (name, what) in steps)
            {
                var key = ObjectWorld.Widget($"w{name}");
                switch (what)
                {
                    case < 3:
                        await CacheWorld.RemoveAsync(world.Store, key);
                        break;
                    case 3:
                        world.Store.CutWatches();
                        break;
                    case 4:
                        await world.PutAsync(ObjectWorld.Note($"n{name}"));
                        break;
                    default:
                        await world.PutAsync(key, $"uid-{name}", $"owner-{what}", $"node-{what}");
                        break;
                }
            }

            await world.Cache.WaitUntilCurrentAsync(None);
            var stored = await world.StoredAsync(WidgetDefinition.Resource);
            Assert.Equal(stored, world.Widgets.Snapshot.All.Select(o => (o.Key.StoreKey, o.Revision)));
            var replayed = new SortedDictionary<string, long>(StringComparer.Ordinal);
            var last = 0L;
            while (watch.TryNext() is { } changes)
            {
                foreach (var change in changes)
                {
                    Assert.True(change.Revision > last);
                    last = change.Revision;
                    Assert.Equal(change.Before?.Revision, replayed.TryGetValue(change.Subject.Key.StoreKey, out var before) ? before : null);
                    if (change.After is null)
                    {
                        replayed.Remove(change.Subject.Key.StoreKey);
                    }
                    else
                    {
                        replayed[change.Subject.Key.StoreKey] = change.Revision;
                    }
                }
            }

            Assert.Equal(stored, replayed.Select(p => (p.Key, p.Value)));
            Assert.Equal(last, subscribed.Count == 0 ? 0 : subscribed[^1].Revision);
            foreach (var item in world.Widgets.Snapshot.All)
            {
                Assert.Same(item, world.Widgets.ByUid(item.Header.Uid));
                Assert.Contains(item, world.Widgets.OwnedBy(item.Header.Owners[0].Uid));
                Assert.Contains(item, world.Widgets.WithField("spec.node", (string)item.ToNode()["spec"]!["node"]!));
            }

            Assert.Equal(world.Widgets.Snapshot.Count, Enumerable.Range(0, 10).Sum(i => world.Widgets.OwnedBy($"owner-{i}").Count));
            Assert.Equal(world.Widgets.Snapshot.Count, Enumerable.Range(0, 10).Sum(i => world.Widgets.WithField("spec.node", $"node-{i}").Count));
        },
        iter: 30,
        threads: 1);

    [Fact]
    public async Task Objects_are_found_by_label_in_their_namespace_before_and_after_they_change()
    {
        await using var world = await CacheWorld.StartAsync();
        await LabelAsync("one", "a", "red");
        await LabelAsync("two", "b", "red");
        await world.PutAsync(ObjectWorld.Widget("bare", "a"));
        await world.Cache.WaitUntilCurrentAsync(None);
        Assert.Equal(["one"], Names("red", "a"));
        Assert.Equal(["one", "two"], Names("red", ""));

        await LabelAsync("one", "a", "blue");
        await LabelAsync("three", "a", "red");
        await world.Cache.WaitUntilCurrentAsync(None);

        Assert.Equal(["three"], Names("red", "a"));
        Assert.Equal(["one"], Names("blue", "a"));

        IEnumerable<string> Names(string colour, string ns) => world.Widgets.WithLabel("colour", colour, ns).Select(o => o.Header.Name);

        Task LabelAsync(string name, string ns, string colour)
        {
            var key = ObjectWorld.Widget(name, ns);
            var value = StoredJson.Encode(
                (JsonObject)JsonNode.Parse($$"""{"apiVersion":"v1","kind":"X","metadata":{"name":"{{name}}","namespace":"{{ns}}","uid":"{{name}}","labels":{"colour":"{{colour}}"} } }""")!, null);
            return world.Store.CommitAsync(new StoreTransaction([], [StoreWrite.Put(key.StoreKey, value)]), None);
        }
    }

    [Fact]
    public async Task Objects_that_were_changed_at_one_revision_are_seen_together_and_lost_by_no_reader()
    {
        const int many = 1000; // more than a watch reads at once
        await using var world = await CacheWorld.StartAsync();
        await world.PutAsync(ObjectWorld.Widget("w0"));
        var before = await world.Cache.WaitUntilCurrentAsync(None);
        var watch = world.Widgets.Watch(before);
        var notes = world.Cache.Kind(NoteDefinition.Resource);
        var together = new List<bool>();
        using var subscription = world.Widgets.Subscribe(change => together.Add(notes.Get("default", "n0")?.Revision == change.Revision));
        var puts = Enumerable.Range(0, many).Select(i => ObjectWorld.Widget($"w{i}")).Append(ObjectWorld.Note("n0"))
            .Select(key => StoreWrite.Put(key.StoreKey, CacheWorld.Value(key, key.Name)));
        var commit = await world.Store.CommitAsync(new StoreTransaction([], [.. puts]), None);
        var reached = await world.Cache.WaitUntilCurrentAsync(None);
        Assert.True(reached >= commit.Revision); // more, where a slow machine made the cache write a fence

        Assert.Equal(many, together.Count);
        Assert.DoesNotContain(false, together);
        Assert.All(world.Widgets.At(commit.Revision)!.All, item => Assert.Equal(commit.Revision, item.Revision));
        Assert.Equal(many, world.Widgets.At(commit.Revision)!.Count);
        Assert.Equal(1, world.Widgets.At(before)!.Count);
        var read = 0;
        while (watch.TryNext() is { } changes)
        {
            read += changes.Count;
        }

        Assert.Equal(many, read);
        Assert.True(watch.Revision >= reached);
        Assert.Null(world.Widgets.Watch(commit.Revision).TryNext());
        Assert.Equal(many, world.Widgets.Watch(commit.Revision - 1).TryNext()!.Count);
    }

    [Fact]
    public async Task After_compaction_watchers_see_the_difference_and_the_right_outcome()
    {
        await using var world = await CacheWorld.StartAsync();
        await world.PutAsync(ObjectWorld.Widget("stays"));
        await world.PutAsync(ObjectWorld.Widget("changes"), "c");
        await world.PutAsync(ObjectWorld.Widget("goes"));
        await world.PutAsync(ObjectWorld.Widget("reborn"), "old");
        var from = await world.Cache.WaitUntilCurrentAsync(None);
        var watch = world.Widgets.Watch(from);

        var hold = world.Store.HoldWatches = new TaskCompletionSource();
        world.Store.CutWatches();
        await world.PutAsync(ObjectWorld.Widget("changes"), "c");
        await world.PutAsync(ObjectWorld.Widget("changes"), "c");
        await CacheWorld.RemoveAsync(world.Store, ObjectWorld.Widget("goes"));
        await CacheWorld.RemoveAsync(world.Store, ObjectWorld.Widget("reborn"));
        await world.PutAsync(ObjectWorld.Widget("reborn"), "new");
        var last = await world.PutAsync(ObjectWorld.Widget("comes"));
        await world.Store.CompactAsync(last.Revision, None);
        world.Store.HoldWatches = null;
        hold.SetResult();

        await world.Cache.WaitForAsync(last.Revision, None);
        var changes = await watch.NextAsync(None);
        Assert.Equal(
            ["changes modified", "comes added", "goes deleted", "reborn added", "reborn deleted"],
            changes.Select(c => $"{c.Subject.Key.Name} {(c.Before is null ? "added" : c.After is null ? "deleted" : "modified")}").Order(StringComparer.Ordinal));
        Assert.Equal(changes.OrderBy(c => c.Revision).Select(c => c.Revision), changes.Select(c => c.Revision));
        Assert.All(changes, c => Assert.True(c.Revision > from));
        Assert.Equal("new", world.Widgets.Get("default", "reborn")!.Header.Uid);
        Assert.Null(world.Widgets.ByUid("old"));
    }

    [Fact]
    public async Task A_watch_starts_after_its_revision_and_an_old_one_is_gone()
    {
        await using var world = await CacheWorld.StartAsync(store => CacheWorld.PutAsync(store, ObjectWorld.Widget("before")));
        var first = await world.PutAsync(ObjectWorld.Widget("one"));
        var second = await world.PutAsync(ObjectWorld.Widget("two"));
        await world.Cache.WaitForAsync(second.Revision, None);
        Assert.Equal(["two"], (await world.Widgets.Watch(first.Revision).NextAsync(None)).Select(c => c.Subject.Key.Name));
        var expired = Assert.Throws<ApiException>(() => world.Widgets.Watch(first.Revision - 2));
        Assert.Equal((410, "Expired", $"too old resource version: {first.Revision - 2} ({first.Revision - 1})"), (expired.Status.Code, expired.Status.Reason, expired.Status.Message));
    }

    [Fact]
    public async Task A_watch_asked_for_from_the_future_shows_nothing_older()
    {
        await using var world = await CacheWorld.StartAsync();
        var now = world.Cache.Revision;
        var watch = world.Widgets.Watch(now + 1);
        await world.PutAsync(ObjectWorld.Widget("one"));
        await world.PutAsync(ObjectWorld.Widget("two"));
        Assert.Equal(["two"], (await watch.NextAsync(None)).Select(c => c.Subject.Key.Name));
    }

    [Fact]
    public async Task A_bookmark_moves_with_writes_to_other_kinds_but_never_past_what_was_not_read()
    {
        await using var world = await CacheWorld.StartAsync();
        var watch = world.Widgets.Watch(world.Cache.Revision);
        var note = await world.PutAsync(ObjectWorld.Note("n"));
        await world.Cache.WaitForAsync(note.Revision, None);
        Assert.Equal(note.Revision, watch.Revision);
        await world.PutAsync(ObjectWorld.Widget("unread"));
        var later = await world.PutAsync(ObjectWorld.Note("n"));
        await world.Cache.WaitForAsync(later.Revision, None);
        Assert.Equal(note.Revision, watch.Revision);
        await watch.NextAsync(None);
        Assert.Equal(later.Revision, watch.Revision);
    }

    [Fact]
    public async Task Exact_revisions_are_served_from_recent_pictures()
    {
        await using var world = await CacheWorld.StartAsync();
        var one = await world.PutAsync(ObjectWorld.Widget("one"));
        var note = await world.PutAsync(ObjectWorld.Note("n"));
        var two = await world.PutAsync(ObjectWorld.Widget("two"));
        await world.Cache.WaitForAsync(two.Revision, None);
        Assert.Equal(["one"], world.Widgets.At(one.Revision)!.All.Select(o => o.Key.Name));
        Assert.Equal((note.Revision, 1), (world.Widgets.At(note.Revision)!.Revision, world.Widgets.At(note.Revision)!.Count));
        Assert.Null(world.Widgets.At(two.Revision + 1));
        var pinned = world.Widgets.At(one.Revision)!;
        world.Widgets.Pin(pinned);
        for (var i = 0; i < 300; i++)
        {
            await world.PutAsync(ObjectWorld.Widget("two"));
        }

        await world.Cache.WaitUntilCurrentAsync(None);
        Assert.Same(pinned.Tree, world.Widgets.At(one.Revision)!.Tree);
        Assert.Null(world.Widgets.At(note.Revision));
    }

    [Fact]
    public async Task A_slow_watcher_is_told_when_the_log_has_moved_on()
    {
        await using var world = await CacheWorld.StartAsync();
        var watch = world.Widgets.Watch(world.Cache.Revision);
        for (var i = 0; i < 17; i++)
        {
            var changes = Enumerable.Range(0, 1000).Select(n => ObjectWorld.Widget($"w{n}")).Select(k => StoreWrite.Put(k.StoreKey, CacheWorld.Value(k, "u"))).ToList();
            await world.Store.CommitAsync(new StoreTransaction([], changes), None);
        }

        await world.Cache.WaitUntilCurrentAsync(None);
        Assert.Equal(410, (await Assert.ThrowsAsync<ApiException>(async () => await watch.NextAsync(None))).Status.Code);
    }

    [Fact]
    public async Task A_consistent_read_waits_for_the_watch_and_asks_once_for_many()
    {
        await using var world = await CacheWorld.StartAsync();
        var hold = world.Store.HoldWatches = new TaskCompletionSource();
        world.Store.CutWatches();
        var written = await world.PutAsync(ObjectWorld.Widget("late"));
        var asks = world.Store.RevisionAsks;
        var silent = world.Store.HoldRevisions = new TaskCompletionSource();
        var waiting = Enumerable.Range(0, 200).Select(_ => world.Cache.WaitUntilCurrentAsync(None)).ToArray();
        world.Store.HoldRevisions = null;
        silent.SetResult();
        Assert.DoesNotContain(waiting, w => w.IsCompleted);
        world.Store.HoldWatches = null;
        hold.SetResult();
        Assert.All(await Task.WhenAll(waiting), reached => Assert.True(reached >= written.Revision));
        Assert.NotNull(world.Widgets.Get("default", "late"));
        Assert.InRange(world.Store.RevisionAsks - asks, 1, 2); // those who came while it was being asked share the next
    }

    [Fact]
    public async Task A_consistent_read_ends_although_the_newest_revision_belongs_to_a_foreign_key()
    {
        await using var world = await CacheWorld.StartAsync();
        var foreign = await world.Store.CommitAsync(new StoreTransaction([], [StoreWrite.Put("somebody/else", "1"u8.ToArray())]), None);
        Assert.True(await world.Cache.WaitUntilCurrentAsync(None) >= foreign.Revision);
    }

    [Fact]
    public async Task A_kind_registered_late_finds_what_was_stored_before()
    {
        await using var world = await CacheWorld.StartAsync(null, new NoteDefinition());
        await world.PutAsync(ObjectWorld.Widget("early"));
        await world.Cache.WaitUntilCurrentAsync(None);
        Assert.Throws<KeyNotFoundException>(() => world.Widgets);
        var loaded = new TaskCompletionSource<KindCache>();
        world.Cache.KindLoaded += loaded.SetResult;
        world.Registry.Put(new WidgetDefinition());
        var kind = await loaded.Task;
        Assert.Equal(["early"], kind.Snapshot.All.Select(o => o.Key.Name));
        var watch = kind.Watch(kind.Snapshot.Revision);
        await world.PutAsync(ObjectWorld.Widget("next"));
        Assert.Equal(["next"], (await watch.NextAsync(None)).Select(c => c.Subject.Key.Name));

        world.Registry.Remove(WidgetDefinition.Resource);
        Assert.Equal(410, (await Assert.ThrowsAsync<ApiException>(async () => await watch.NextAsync(None))).Status.Code);
    }

    [Fact]
    public async Task A_deletion_carries_the_last_state_under_its_own_revision()
    {
        await using var world = await CacheWorld.StartAsync();
        var watch = world.Widgets.Watch(world.Cache.Revision);
        await world.PutAsync(ObjectWorld.Widget("gone"), "u-9");
        var removed = await CacheWorld.RemoveAsync(world.Store, ObjectWorld.Widget("gone"));
        await world.Cache.WaitForAsync(removed.Revision, None);
        var deletion = (await watch.NextAsync(None))[^1];
        var encoded = deletion.EventFor(WatchEventType.Deleted);
        var json = System.Text.Json.Nodes.JsonNode.Parse(encoded.Span)!;
        Assert.Equal(("DELETED", "u-9", removed.Revision.ToString()), ((string)json["type"]!, (string)json["object"]!["metadata"]!["uid"]!, (string)json["object"]!["metadata"]!["resourceVersion"]!));
        Assert.Equal(encoded, deletion.EventFor(WatchEventType.Deleted));
        Assert.Equal((byte)'\n', encoded.Span[^1]);
    }

    [Fact]
    public async Task A_value_that_is_no_object_does_not_stop_the_cache()
    {
        await using var world = await CacheWorld.StartAsync();
        await world.Store.CommitAsync(new StoreTransaction([], [StoreWrite.Put("/registry/test.dev/widgets/default/bad", "nonsense"u8.ToArray())]), None);
        await world.PutAsync(ObjectWorld.Widget("good"));
        await world.Cache.WaitUntilCurrentAsync(None);
        Assert.Equal(["good"], world.Widgets.Snapshot.All.Select(o => o.Key.Name));
    }

    [Fact]
    public async Task An_object_whose_value_is_spoiled_stays_as_it_was_and_who_asks_is_told()
    {
        var bad = ObjectWorld.Widget("bad");
        var spoil = new StoreTransaction([], [StoreWrite.Put(bad.StoreKey, "nonsense"u8.ToArray())]);
        await using var world = await CacheWorld.StartAsync();
        var known = (await world.PutAsync(bad)).Revision;
        await world.PutAsync(ObjectWorld.Widget("good"));
        await world.Store.CommitAsync(spoil, None);
        await world.Cache.WaitUntilCurrentAsync(None);
        Assert.Equal(known, world.Cache.Get(bad)!.Revision);
        Assert.Equal(StoreError.Unreadable, Assert.Throws<StoreException>(() => world.Widgets.ThrowIfUnreadable("default", "bad")).Error);
        Assert.Throws<StoreException>(() => world.Widgets.ThrowIfUnreadable("", ""));
        world.Widgets.ThrowIfUnreadable("default", "good");

        // Whoever starts now knows nothing of it, and that there is something.
        await using var late = new WatchCache(world.Store, world.Registry, TimeProvider.System, NullLogger<WatchCache>.Instance);
        await late.StartAsync(None);
        Assert.Null(late.Get(bad));
        Assert.Throws<StoreException>(() => late.Kind(WidgetDefinition.Resource).ThrowIfUnreadable("default", "bad"));

        await world.PutAsync(bad);
        await late.WaitUntilCurrentAsync(None);
        await world.Cache.WaitUntilCurrentAsync(None);
        Assert.NotNull(late.Get(bad));
        late.Kind(WidgetDefinition.Resource).ThrowIfUnreadable("", "");
        world.Widgets.ThrowIfUnreadable("", "");

        await world.Store.CommitAsync(spoil, None);
        await CacheWorld.RemoveAsync(world.Store, bad);
        await world.Cache.WaitUntilCurrentAsync(None);
        Assert.Null(world.Cache.Get(bad));
        world.Widgets.ThrowIfUnreadable("", "");
    }
}
