using System.Text;
using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Errors;
using GrainKube.Objects.Store;
using GrainKube.Objects.Tests.World;
using GrainKube.Objects.Writes;
using GrainKube.Objects.Writes.Parts;
using Xunit;

namespace GrainKube.Objects.Tests.Writes;

public sealed class TransactionPartTests(ObjectWorld world) : IClassFixture<ObjectWorld>
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task What_a_part_adds_is_committed_at_the_objects_revision()
    {
        world.Part.For("adds", commit =>
        {
            commit.Next!["spec"]!["color"] = "chosen";
            return Take("/test/adds", 0);
        });
        var created = await world.CreateWidgetAsync("adds");
        Assert.Equal("chosen", (string)ObjectWorld.Json(created)["spec"]!["color"]!);
        Assert.Equal("chosen", (string)(await world.StoredAsync(ObjectWorld.Widget("adds")))!["spec"]!["color"]!);
        Assert.Equal(created.Revision, (await world.Store.GetAsync("/test/adds", None))!.Revision);
    }

    [Fact]
    public async Task A_part_that_lost_a_race_is_asked_again_about_a_fresh_plan()
    {
        await PutAsync("/test/race-0");
        await PutAsync("/test/race-1");
        var asked = new List<(int Attempt, string? Color)>();
        world.Part.For("races", commit =>
        {
            asked.Add((commit.Attempt, (string?)commit.Next!["spec"]!["color"]));
            commit.Next["spec"]!["color"] = $"try-{commit.Attempt}";
            return Take($"/test/race-{commit.Attempt - 1}", 0);
        });
        await world.CreateWidgetAsync("races");
        Assert.Equal([(1, "blue"), (2, "blue"), (3, "blue")], asked);
        Assert.Equal("try-3", (string)(await world.StoredAsync(ObjectWorld.Widget("races")))!["spec"]!["color"]!);
    }

    [Fact]
    public async Task Where_a_part_never_wins_the_client_is_told_to_come_back_and_nothing_is_written()
    {
        await PutAsync("/test/never");
        world.Part.For("never", _ => Take("/test/never", 0));
        var refused = await ObjectWorld.RefusedAsync(() => world.CreateWidgetAsync("never"));
        Assert.Equal((429, 1), (refused.Code, refused.RetryAfterSeconds));
        Assert.Null(await world.StoredAsync(ObjectWorld.Widget("never")));
    }

    [Fact]
    public async Task A_part_may_refuse()
    {
        world.Part.For("refused", _ => throw ApiException.BadRequest("not today"));
        Assert.Equal("not today", (await ObjectWorld.RefusedAsync(() => world.CreateWidgetAsync("refused"))).Message);
        Assert.Null(await world.StoredAsync(ObjectWorld.Widget("refused")));
    }

    [Fact]
    public async Task A_create_sent_again_finds_its_own_object_although_the_part_refuses_now()
    {
        world.Part.For("again", _ => TransactionAddition.None);
        var request = new WriteRequest
        {
            Verb = WriteVerb.Create, User = new() { Name = "tester" }, Uid = "the-uid", Body = Encoding.UTF8.GetBytes("""{"metadata":{"name":"again"},"spec":{}}"""),
        };
        var first = await world.Grain(ObjectWorld.Widget("again")).WriteAsync(request);
        world.Part.For("again", _ => throw ApiException.BadRequest("taken"));
        var second = await world.Grain(ObjectWorld.Widget("again")).WriteAsync(request);
        Assert.Equal(first.Revision, second.Revision);
    }

    [Fact]
    public async Task A_removal_shows_the_part_what_goes_and_gives_back_with_it()
    {
        world.Part.For("goes", commit => commit.Next is not null
            ? commit.Current is null ? Take("/test/goes", 0) : TransactionAddition.None
            : new([], [StoreWrite.Delete("/test/goes")]));
        await world.CreateWidgetAsync("goes");
        await world.MergeAsync(ObjectWorld.Widget("goes"), """{"spec":{"color":"red"}}""");
        Assert.NotNull(await world.Store.GetAsync("/test/goes", None));
        await world.WriteAsync(ObjectWorld.Widget("goes"), WriteVerb.Delete, "");
        Assert.Null(await world.Store.GetAsync("/test/goes", None));
    }

    [Fact]
    public async Task A_dry_run_asks_and_commits_nothing()
    {
        world.Part.For("dry", commit =>
        {
            Assert.True(commit.DryRun);
            commit.Next!["spec"]!["color"] = "seen";
            return Take("/test/dry", 0);
        });
        var answer = await world.WriteAsync(ObjectWorld.Widget("dry"), WriteVerb.Create, """{"metadata":{"name":"dry"},"spec":{}}""", r => r with { DryRun = true });
        Assert.Equal("seen", (string)ObjectWorld.Json(answer)["spec"]!["color"]!);
        Assert.Null(await world.Store.GetAsync("/test/dry", None));
    }

    [Fact]
    public async Task A_companion_is_an_object_like_any_other()
    {
        var note = ObjectWorld.Note("companion");
        var definition = world.Registry.Find(note.GroupResource);
        world.Part.For("has-companion", commit => new(
            [new StoreCompare(note.StoreKey, 0)],
            [CompanionObject.Create(definition, note, (JsonObject)JsonNode.Parse("""{"metadata":{"labels":{"of":"companion"}},"data":{"a":"b"}}""")!, commit.Now)]));
        var created = await world.CreateWidgetAsync("has-companion");
        await world.Cache.WaitUntilCurrentAsync(None);
        var seen = world.Cache.Get(note)!;
        Assert.Equal((created.Revision, "companion"), (seen.Revision, seen.Header.Labels["of"]));
        Assert.NotEmpty(seen.Header.Uid);
        await world.WriteAsync(note, WriteVerb.Patch, """{"data":{"a":"c"},"metadata":{"resourceVersion":"RV"}}""".Replace("RV", $"{seen.Revision}", StringComparison.Ordinal), r => r with { PatchType = PatchType.Merge });
        Assert.Equal("c", (string)(await world.StoredAsync(note))!["data"]!["a"]!);
    }

    private static TransactionAddition Take(string key, long revision) => new([new StoreCompare(key, revision)], [StoreWrite.Put(key, "1"u8.ToArray())]);

    private Task PutAsync(string key) => world.Store.CommitAsync(new StoreTransaction([], [StoreWrite.Put(key, "1"u8.ToArray())]), None);
}
