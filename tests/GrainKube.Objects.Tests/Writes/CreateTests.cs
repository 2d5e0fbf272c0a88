using GrainKube.Objects.Tests.World;
using GrainKube.Objects.Writes;
using Xunit;

namespace GrainKube.Objects.Tests.Writes;

public sealed class CreateTests(ObjectWorld world) : IClassFixture<ObjectWorld>
{
    [Fact]
    public async Task A_created_object_is_in_the_store_and_in_the_cache()
    {
        var result = await world.CreateWidgetAsync("fresh", """{"color":"red"}""");

        Assert.Equal(201, result.Code);
        var answer = ObjectWorld.Json(result);
        Assert.Equal(result.Revision.ToString(), (string)answer["metadata"]!["resourceVersion"]!);
        Assert.Equal(1, (int)answer["metadata"]!["generation"]!);
        Assert.Equal("New", (string)answer["status"]!["phase"]!);
        var stored = await world.StoredAsync(ObjectWorld.Widget("fresh"));
        Assert.Equal((string)answer["metadata"]!["uid"]!, (string)stored!["metadata"]!["uid"]!);
        Assert.Null(stored["metadata"]!["resourceVersion"]);
        await world.Cache.WaitForAsync(result.Revision, CancellationToken.None);
        Assert.Equal(result.Json, world.Cache.Get(ObjectWorld.Widget("fresh"))!.Json.ToArray());
    }

    [Fact]
    public async Task Defaults_fill_what_is_absent()
    {
        var answer = ObjectWorld.Json(await world.CreateWidgetAsync("plain"));
        Assert.Equal("blue", (string)answer["spec"]!["color"]!);
    }

    [Fact]
    public async Task A_second_create_of_the_name_is_refused_without_reading_first()
    {
        await world.CreateWidgetAsync("twice");
        var gets = world.Store.Gets;
        var status = await ObjectWorld.RefusedAsync(() => world.CreateWidgetAsync("twice"));
        Assert.Equal((409, "AlreadyExists", "widgets.test.dev \"twice\" already exists"), (status.Code, status.Reason, status.Message));
        Assert.Equal(gets, world.Store.Gets);
    }

    [Fact]
    public async Task What_the_system_owns_is_not_taken_from_the_body()
    {
        var answer = ObjectWorld.Json(await world.CreateWidgetAsync(
            "owned", metadata: ""","uid":"mine","creationTimestamp":"2001-01-01T00:00:00Z","generation":7,"deletionTimestamp":"2001-01-01T00:00:00Z","managedFields":[]"""));
        var metadata = answer["metadata"]!.AsObject();
        Assert.NotEqual("mine", (string)metadata["uid"]!);
        Assert.NotEqual("2001-01-01T00:00:00Z", (string)metadata["creationTimestamp"]!);
        Assert.Equal(1, (int)metadata["generation"]!);
        Assert.False(metadata.ContainsKey("deletionTimestamp") || metadata.ContainsKey("managedFields"));
    }

    [Fact]
    public async Task A_resource_version_in_the_body_is_refused()
    {
        var status = await ObjectWorld.RefusedAsync(() => world.CreateWidgetAsync("versioned", metadata: ""","resourceVersion":"5" """));
        Assert.Equal((400, "resourceVersion should not be set on objects to be created"), (status.Code, status.Message));
    }

    [Fact]
    public async Task Another_namespace_in_the_body_is_refused()
    {
        var status = await ObjectWorld.RefusedAsync(() => world.CreateWidgetAsync("elsewhere", metadata: ""","namespace":"other" """));
        Assert.Equal((400, "the namespace of the provided object does not match the namespace sent on the request"), (status.Code, status.Message));
    }

    [Fact]
    public async Task All_problems_come_in_one_answer()
    {
        var status = await ObjectWorld.RefusedAsync(() => world.CreateWidgetAsync("Bad_Name", """{"color":"plaid"}"""));
        Assert.Equal((422, "Invalid"), (status.Code, status.Reason));
        Assert.Equal(["metadata.name", "spec.color"], status.Causes.Select(c => c.Field));
        Assert.StartsWith("Widget.test.dev \"Bad_Name\" is invalid: [metadata.name: Invalid value: \"Bad_Name\": ", status.Message);
    }

    [Fact]
    public async Task Admission_edits_and_refuses()
    {
        Assert.Equal("M", (string)ObjectWorld.Json(await world.CreateWidgetAsync("edited", """{"size":"medium"}"""))["spec"]!["size"]!);
        var status = await ObjectWorld.RefusedAsync(() => world.CreateWidgetAsync("refused", """{"size":"forbidden"}"""));
        Assert.Equal("widgets.test.dev \"refused\" is forbidden: no such size", status.Message);
        Assert.Null(await world.StoredAsync(ObjectWorld.Widget("refused")));
    }

    [Fact]
    public async Task Warnings_come_with_the_answer() => Assert.Equal(["spec.size: huge is a lot"], (await world.CreateWidgetAsync("big", """{"size":"huge"}""")).Warnings);

    [Fact]
    public async Task Unknown_fields_are_refused_warned_of_or_dropped()
    {
        Task<WriteResult> CreateAsync(string name, FieldValidation validation) => world.WriteAsync(
            ObjectWorld.Widget(name), WriteVerb.Create, $$"""{"metadata":{"name":"{{name}}"},"spec":{"colr":"red"} }""", r => r with { FieldValidation = validation });
        var status = await ObjectWorld.RefusedAsync(() => CreateAsync("strict", FieldValidation.Strict));
        Assert.Equal((400, "Widget in version \"v1\" cannot be handled as a Widget: strict decoding error: unknown field \"spec.colr\""), (status.Code, status.Message));
        Assert.Equal(["unknown field \"spec.colr\""], (await CreateAsync("warned", FieldValidation.Warn)).Warnings);
        var ignored = await CreateAsync("ignored", FieldValidation.Ignore);
        Assert.Empty(ignored.Warnings);
        Assert.False(ObjectWorld.Json(ignored)["spec"]!.AsObject().ContainsKey("colr"));
    }

    [Fact]
    public async Task A_dry_run_does_all_but_the_commit()
    {
        Task<WriteResult> DryAsync(string name) => world.WriteAsync(
            ObjectWorld.Widget(name), WriteVerb.Create, $$"""{"metadata":{"name":"{{name}}"},"spec":{} }""", r => r with { DryRun = true });
        var answer = ObjectWorld.Json(await DryAsync("dry"));
        Assert.Equal("blue", (string)answer["spec"]!["color"]!);
        Assert.False(answer["metadata"]!.AsObject().ContainsKey("resourceVersion"));
        Assert.Null(await world.StoredAsync(ObjectWorld.Widget("dry")));
        await world.CreateWidgetAsync("dry");
        Assert.Equal("AlreadyExists", (await ObjectWorld.RefusedAsync(() => DryAsync("dry"))).Reason);
    }

    [Fact]
    public async Task Another_version_is_stored_in_the_storage_version_and_answered_in_its_own()
    {
        var result = await world.WriteAsync(
            ObjectWorld.Widget("old"),
            WriteVerb.Create,
            """{"apiVersion":"test.dev/v1beta1","kind":"Widget","metadata":{"name":"old"},"spec":{"colour":"green"}}""",
            r => r with { ApiVersion = "test.dev/v1beta1" });
        var answer = ObjectWorld.Json(result);
        Assert.Equal(("test.dev/v1beta1", "green"), ((string)answer["apiVersion"]!, (string)answer["spec"]!["colour"]!));
        var stored = await world.StoredAsync(ObjectWorld.Widget("old"));
        Assert.Equal(("test.dev/v1", "green"), ((string)stored!["apiVersion"]!, (string)stored["spec"]!["color"]!));
    }

    [Fact]
    public async Task The_trace_of_the_write_is_kept_beside_the_object()
    {
        const string trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        var result = await world.WriteAsync(
            ObjectWorld.Widget("traced"), WriteVerb.Create, """{"metadata":{"name":"traced"},"spec":{}}""", r => r with { TraceParent = trace });
        Assert.DoesNotContain("traceparent", System.Text.Encoding.UTF8.GetString(result.Json));
        await world.Cache.WaitForAsync(result.Revision, CancellationToken.None);
        Assert.Equal(trace, world.Cache.Get(ObjectWorld.Widget("traced"))!.Header.TraceParent);
        var since = world.Cache.Get(ObjectWorld.Widget("traced"))!.Header.TracedAt;
        Assert.Equal(world.Cache.Get(ObjectWorld.Widget("traced"))!.Header.CreationTimestamp, since);
        var relabelled = await world.MergeAsync(ObjectWorld.Widget("traced"), """{"metadata":{"labels":{"a":"b"}}}""");
        await world.Cache.WaitForAsync(relabelled.Revision, CancellationToken.None);
        Assert.Equal(trace, world.Cache.Get(ObjectWorld.Widget("traced"))!.Header.TraceParent);
    }

    [Fact]
    public async Task A_create_whose_answer_was_lost_is_found_done()
    {
        world.Store.LoseAnswer = t => t.Changes[0].Key.EndsWith("/lost-after", StringComparison.Ordinal) ? true : null;
        var result = await world.CreateWidgetAsync("lost-after");
        Assert.Equal(201, result.Code);
        Assert.NotNull(await world.StoredAsync(ObjectWorld.Widget("lost-after")));
        world.Store.LoseAnswer = null;
    }

    [Fact]
    public async Task A_create_whose_commit_was_lost_is_done_again()
    {
        var first = true;
        world.Store.LoseAnswer = t =>
        {
            var lose = first && t.Changes[0].Key.EndsWith("/lost-before", StringComparison.Ordinal);
            first &= !lose;
            return lose ? false : null;
        };
        Assert.Equal(201, (await world.CreateWidgetAsync("lost-before")).Code);
        Assert.NotNull(await world.StoredAsync(ObjectWorld.Widget("lost-before")));
        world.Store.LoseAnswer = null;
    }

    [Fact]
    public async Task Owners_that_come_twice_are_dropped_with_a_warning()
    {
        const string owner = """{"apiVersion":"v1","kind":"Note","name":"n","uid":"o-1"}""";
        var result = await world.CreateWidgetAsync("owners", metadata: $",\"ownerReferences\":[{owner},{owner}]");
        Assert.Single(ObjectWorld.Json(result)["metadata"]!["ownerReferences"]!.AsArray());
        Assert.EndsWith("duplicate UID(s) observed: o-1", Assert.Single(result.Warnings));
    }
}
