using System.Text.Json.Nodes;
using GrainKube.Objects.Tests.World;
using GrainKube.Objects.Writes;
using Xunit;

namespace GrainKube.Objects.Tests.Writes;

public sealed class UpdateTests(ObjectWorld world) : IClassFixture<ObjectWorld>
{
    [Fact]
    public async Task An_update_of_the_spec_raises_the_generation_and_keeps_the_status()
    {
        var item = ObjectWorld.Json(await world.CreateWidgetAsync("spec"));
        item["spec"]!["color"] = "red";
        item["status"]!["phase"] = "Hacked";
        var answer = ObjectWorld.Json(await PutAsync("spec", item));
        Assert.Equal(("red", 2, "New"), ((string)answer["spec"]!["color"]!, (int)answer["metadata"]!["generation"]!, (string)answer["status"]!["phase"]!));
    }

    [Fact]
    public async Task An_update_of_metadata_leaves_the_generation()
    {
        var item = ObjectWorld.Json(await world.CreateWidgetAsync("labels"));
        item["metadata"]!["labels"] = new JsonObject { ["app"] = "web" };
        item["metadata"]!["generation"] = 9;
        item["metadata"]!["creationTimestamp"] = null;
        var answer = ObjectWorld.Json(await PutAsync("labels", item));
        Assert.Equal(("web", 1), ((string)answer["metadata"]!["labels"]!["app"]!, (int)answer["metadata"]!["generation"]!));
        Assert.NotNull(answer["metadata"]!["creationTimestamp"]);
    }

    [Fact]
    public async Task A_prefix_that_fits_in_no_path_is_refused_later_too()
    {
        var item = ObjectWorld.Json(await world.CreateWidgetAsync("prefixed"));
        item["metadata"]!["generateName"] = "a/b";
        var status = await ObjectWorld.RefusedAsync(() => PutAsync("prefixed", item));
        Assert.Equal((422, "metadata.generateName"), (status.Code, Assert.Single(status.Causes).Field));
    }

    [Fact]
    public async Task An_update_that_changes_nothing_commits_nothing()
    {
        var created = await world.CreateWidgetAsync("same");
        var before = world.Store.Commits;
        var answer = await PutAsync("same", ObjectWorld.Json(created));
        Assert.Equal((200, created.Revision, before), (answer.Code, answer.Revision, world.Store.Commits));
        Assert.Equal(created.Json, answer.Json);
    }

    [Fact]
    public async Task An_old_resource_version_is_a_conflict()
    {
        var item = ObjectWorld.Json(await world.CreateWidgetAsync("stale"));
        await world.MergeAsync(ObjectWorld.Widget("stale"), """{"spec":{"color":"red"}}""");
        item["spec"]!["color"] = "green";
        var status = await ObjectWorld.RefusedAsync(() => PutAsync("stale", item));
        Assert.Equal(
            (409, "Conflict", "Operation cannot be fulfilled on widgets.test.dev \"stale\": the object has been modified; please apply your changes to the latest version and try again"),
            (status.Code, status.Reason, status.Message));
    }

    [Fact]
    public async Task Without_a_resource_version_the_last_writer_wins_where_the_kind_allows_it()
    {
        await world.CreateWidgetAsync("blind");
        await world.WriteAsync(ObjectWorld.Widget("blind"), WriteVerb.Update, """{"metadata":{"name":"blind"},"spec":{"color":"red"}}""");
        Assert.Equal("red", (string)(await world.StoredAsync(ObjectWorld.Widget("blind")))!["spec"]!["color"]!);

        await world.WriteAsync(ObjectWorld.Note("blind"), WriteVerb.Create, """{"metadata":{"name":"blind"}}""");
        var status = await ObjectWorld.RefusedAsync(() => world.WriteAsync(ObjectWorld.Note("blind"), WriteVerb.Update, """{"metadata":{"name":"blind"},"data":{"a":"b"}}"""));
        Assert.Equal((422, "notes \"blind\" is invalid: metadata.resourceVersion: Invalid value: 0: must be specified for an update"), (status.Code, status.Message));
    }

    [Fact]
    public async Task Another_uid_is_a_conflict()
    {
        var item = ObjectWorld.Json(await world.CreateWidgetAsync("uid"));
        var uid = (string)item["metadata"]!["uid"]!;
        item["metadata"]!["uid"] = "other";
        var status = await ObjectWorld.RefusedAsync(() => PutAsync("uid", item));
        Assert.Equal(409, status.Code);
        Assert.EndsWith($"Precondition failed: UID in precondition: other, UID in object meta: {uid}", status.Message);
    }

    [Fact]
    public async Task A_missing_object_is_not_found_or_made_where_the_kind_says_so()
    {
        var status = await ObjectWorld.RefusedAsync(() => world.WriteAsync(ObjectWorld.Widget("nobody"), WriteVerb.Update, """{"metadata":{"name":"nobody"}}"""));
        Assert.Equal((404, "widgets.test.dev \"nobody\" not found"), (status.Code, status.Message));
        Assert.Equal(201, (await world.WriteAsync(ObjectWorld.Note("made"), WriteVerb.Update, """{"metadata":{"name":"made"}}""")).Code);
    }

    [Fact]
    public async Task Another_name_in_the_body_is_refused()
    {
        await world.CreateWidgetAsync("named");
        var status = await ObjectWorld.RefusedAsync(() => world.WriteAsync(ObjectWorld.Widget("named"), WriteVerb.Update, """{"metadata":{"name":"other"}}"""));
        Assert.Equal((400, "the name of the object (other) does not match the name on the URL (named)"), (status.Code, status.Message));
    }

    [Fact]
    public async Task The_status_subresource_changes_the_status_and_what_metadata_the_kind_lets_it()
    {
        var item = ObjectWorld.Json(await world.CreateWidgetAsync("status"));
        item["spec"]!["color"] = "red";
        item["status"]!["phase"] = "Ready";
        item["metadata"]!["ownerReferences"] = new JsonArray(new JsonObject { ["apiVersion"] = "v1", ["kind"] = "Note", ["name"] = "x", ["uid"] = "y" });
        item["metadata"]!["labels"] = new JsonObject { ["app"] = "web" };
        var answer = ObjectWorld.Json(await PutAsync("status", item, "status"));
        Assert.Equal(("blue", "Ready", 1), ((string)answer["spec"]!["color"]!, (string)answer["status"]!["phase"]!, (int)answer["metadata"]!["generation"]!));
        Assert.Equal("y", (string?)answer["metadata"]!["ownerReferences"]![0]!["uid"]);
        Assert.Null(answer["metadata"]!["labels"]);
    }

    [Fact]
    public async Task The_scale_subresource_reads_and_sets_the_replicas()
    {
        await world.CreateWidgetAsync("scaled", """{"replicas":1,"selector":{"matchLabels":{"b":"2","a":"1"},"matchExpressions":[{"key":"c","operator":"In","values":["y","x"]}]}}""");
        var scale = ObjectWorld.Json(await world.MergeAsync(ObjectWorld.Widget("scaled"), """{"spec":{"replicas":5}}""", "scale"));
        Assert.Equal(("Scale", "autoscaling/v1", 5), ((string)scale["kind"]!, (string)scale["apiVersion"]!, (int)scale["spec"]!["replicas"]!));
        Assert.Equal("a=1,b=2,c in (x,y)", (string)scale["status"]!["selector"]!);
        var stored = await world.StoredAsync(ObjectWorld.Widget("scaled"));
        Assert.Equal((5, 2), ((int)stored!["spec"]!["replicas"]!, (int)stored["metadata"]!["generation"]!));
        scale["spec"]!["replicas"] = -1;
        Assert.Equal(
            "Scale.autoscaling \"scaled\" is invalid: spec.replicas: Invalid value: -1: must be greater than or equal to 0",
            (await ObjectWorld.RefusedAsync(() => PutAsync("scaled", scale, "scale"))).Message);
    }

    [Fact]
    public async Task An_operation_of_the_kind_answers_a_status()
    {
        await world.CreateWidgetAsync("bound");
        Task<WriteResult> BindAsync() => world.WriteAsync(
            ObjectWorld.Widget("bound"),
            WriteVerb.Create,
            """{"apiVersion":"test.dev/v1","kind":"WidgetBinding","metadata":{"name":"bound"},"node":"n1"}""",
            r => r with { Subresource = "binding" });
        var result = await BindAsync();
        Assert.Equal((201, "n1"), (result.Status!.Code, (string)(await world.StoredAsync(ObjectWorld.Widget("bound")))!["spec"]!["node"]!));
        Assert.Equal(409, (await ObjectWorld.RefusedAsync(BindAsync)).Code);
    }

    private Task<WriteResult> PutAsync(string name, JsonObject item, string subresource = "") =>
        world.WriteAsync(ObjectWorld.Widget(name), WriteVerb.Update, item.ToJsonString(), r => r with { Subresource = subresource });
}
