using System.Text.Json.Nodes;
using GrainKube.Objects.Store;
using GrainKube.Objects.Tests.World;
using GrainKube.Objects.Writes;
using Xunit;

namespace GrainKube.Objects.Tests.Writes;

public sealed class DeleteTests(ObjectWorld world) : IClassFixture<ObjectWorld>
{
    [Fact]
    public async Task A_plain_object_goes_at_once_and_a_status_says_which()
    {
        var created = ObjectWorld.Json(await world.CreateWidgetAsync("plain"));
        var result = await DeleteAsync("plain");
        var status = result.Status!;
        Assert.Equal(
            (200, "plain", "test.dev", "widgets", (string)created["metadata"]!["uid"]!), (result.Code, status.Name, status.Group, status.Kind, status.Uid));
        Assert.Null(await world.StoredAsync(ObjectWorld.Widget("plain")));
        await world.Cache.WaitForAsync(result.Revision, CancellationToken.None);
        Assert.Null(world.Cache.Get(ObjectWorld.Widget("plain")));
        Assert.Equal("widgets.test.dev \"plain\" not found", (await ObjectWorld.RefusedAsync(() => DeleteAsync("plain"))).Message);
    }

    [Fact]
    public async Task What_is_not_known_to_have_happened_is_not_said_to_be_worth_another_try()
    {
        await world.CreateWidgetAsync("lost");
        var key = ObjectWorld.Widget("lost").StoreKey;
        world.Store.LoseAnswer = t => t.Changes[0].Key == key ? true : null;
        world.Store.FailGet = asked => asked == key;

        // A caller that is told "unavailable" deletes again, and hears that there is nothing: of its own deed.
        var failure = await Assert.ThrowsAsync<StoreException>(() => DeleteAsync("lost"));

        (world.Store.LoseAnswer, world.Store.FailGet) = (null, null);
        Assert.Equal(StoreError.OutcomeUnknown, failure.Error);
        Assert.Null(await world.StoredAsync(ObjectWorld.Widget("lost")));
    }

    [Fact]
    public async Task Some_kinds_answer_with_the_last_state()
    {
        await world.WriteAsync(ObjectWorld.Note("shown"), WriteVerb.Create, """{"metadata":{"name":"shown"},"data":{"a":"b"}}""");
        var result = await world.WriteAsync(ObjectWorld.Note("shown"), WriteVerb.Delete, "");
        Assert.Equal("b", (string)ObjectWorld.Json(result)["data"]!["a"]!);
    }

    [Fact]
    public async Task Finalizers_hold_the_object_until_the_last_has_gone()
    {
        await world.CreateWidgetAsync("held", metadata: ""","finalizers":["test.dev/a"]""");
        var marked = ObjectWorld.Json(await DeleteAsync("held"))["metadata"]!;
        Assert.NotNull(marked["deletionTimestamp"]);
        Assert.Equal((0, 2), ((int)marked["deletionGracePeriodSeconds"]!, (int)marked["generation"]!));
        var added = await ObjectWorld.RefusedAsync(() => world.MergeAsync(ObjectWorld.Widget("held"), """{"metadata":{"finalizers":["test.dev/a","test.dev/b"]}}"""));
        Assert.Contains("no new finalizers can be added if the object is being deleted", added.Message);
        Assert.Equal(200, (await world.MergeAsync(ObjectWorld.Widget("held"), """{"metadata":{"finalizers":null}}""")).Code);
        Assert.Null(await world.StoredAsync(ObjectWorld.Widget("held")));
    }

    [Theory]
    [InlineData(DeletePropagation.Foreground, "foregroundDeletion")]
    [InlineData(DeletePropagation.Orphan, "orphan")]
    public async Task Propagation_leaves_a_finalizer_for_the_collector(DeletePropagation propagation, string finalizer)
    {
        await world.CreateWidgetAsync(finalizer.ToLowerInvariant());
        var result = await DeleteAsync(finalizer.ToLowerInvariant(), r => r with { Propagation = propagation });
        Assert.Equal((200, finalizer), (result.Code, (string)Assert.Single(ObjectWorld.Json(result)["metadata"]!["finalizers"]!.AsArray())!));
    }

    [Fact]
    public async Task Only_who_asks_in_the_older_way_is_told_that_the_object_is_not_gone_yet()
    {
        await world.CreateWidgetAsync("older");
        await world.MergeAsync(ObjectWorld.Widget("older"), """{"metadata":{"finalizers":["example.com/held"]}}""");
        Assert.Equal(200, (await DeleteAsync("older", r => r with { Propagation = DeletePropagation.Background })).Code);
        Assert.Equal(202, (await DeleteAsync("older", r => r with { Propagation = DeletePropagation.Background, Sent = SentOptions.OrphanDependents })).Code);
        await world.MergeAsync(ObjectWorld.Widget("older"), """{"metadata":{"finalizers":null}}""");
    }

    [Fact]
    public async Task A_grace_period_can_be_shortened_but_not_prolonged()
    {
        await world.CreateWidgetAsync("graceful", """{"grace":30}""");
        var first = ObjectWorld.Json(await DeleteAsync("graceful"))["metadata"]!;
        Assert.Equal(30, (int)first["deletionGracePeriodSeconds"]!);
        var before = await world.StoredAsync(ObjectWorld.Widget("graceful"));
        await DeleteAsync("graceful", r => r with { GracePeriodSeconds = 60 });
        await DeleteAsync("graceful");
        Assert.True(JsonNode.DeepEquals(before, await world.StoredAsync(ObjectWorld.Widget("graceful"))));
        var shorter = ObjectWorld.Json(await DeleteAsync("graceful", r => r with { GracePeriodSeconds = 10 }))["metadata"]!;
        Assert.Equal(10, (int)shorter["deletionGracePeriodSeconds"]!);
        Assert.Equal(TimeSpan.FromSeconds(20), Time(first) - Time(shorter));
        await DeleteAsync("graceful", r => r with { GracePeriodSeconds = 0 });
        Assert.Null(await world.StoredAsync(ObjectWorld.Widget("graceful")));
    }

    [Fact]
    public async Task A_kind_may_keep_an_object_for_a_reason_of_its_own()
    {
        await world.CreateWidgetAsync("lingers", """{"linger":true}""");
        Assert.Equal(200, (await DeleteAsync("lingers")).Code);
        Assert.NotNull((await world.StoredAsync(ObjectWorld.Widget("lingers")))!["metadata"]!["deletionTimestamp"]);
        await DeleteAsync("lingers");
        await world.MergeAsync(ObjectWorld.Widget("lingers"), """{"spec":{"linger":false}}""");
        Assert.Null(await world.StoredAsync(ObjectWorld.Widget("lingers")));
    }

    [Fact]
    public async Task Preconditions_must_hold()
    {
        var created = await world.CreateWidgetAsync("guarded");
        var uid = (string)ObjectWorld.Json(created)["metadata"]!["uid"]!;
        var byUid = await ObjectWorld.RefusedAsync(() => DeleteAsync("guarded", r => r with { Preconditions = new Preconditions("other") }));
        Assert.Equal(
            (409, $"Operation cannot be fulfilled on Widget.test.dev \"guarded\": the UID in the precondition (other) does not match the UID in record ({uid}). "
                + "The object might have been deleted and then recreated"),
            (byUid.Code, byUid.Message));
        Assert.Equal(409, (await ObjectWorld.RefusedAsync(() => DeleteAsync("guarded", r => r with { Preconditions = new Preconditions(Revision: 1) }))).Code);
        Assert.Equal(200, (await DeleteAsync("guarded", r => r with { Preconditions = new Preconditions(uid, created.Revision) })).Code);
    }

    [Fact]
    public async Task A_dry_run_deletes_nothing()
    {
        await world.CreateWidgetAsync("dry");
        Assert.Equal(200, (await DeleteAsync("dry", r => r with { DryRun = true })).Code);
        Assert.NotNull(await world.StoredAsync(ObjectWorld.Widget("dry")));
    }

    [Fact]
    public async Task A_name_is_free_again_after_a_delete()
    {
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal(201, (await world.CreateWidgetAsync("again")).Code);
            await DeleteAsync("again");
        }
    }

    private Task<WriteResult> DeleteAsync(string name, Func<WriteRequest, WriteRequest>? with = null) => world.WriteAsync(ObjectWorld.Widget(name), WriteVerb.Delete, "", with);

    private static DateTimeOffset Time(JsonNode metadata) => DateTimeOffset.Parse((string)metadata["deletionTimestamp"]!, System.Globalization.CultureInfo.InvariantCulture);
}
