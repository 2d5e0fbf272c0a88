using GrainKube.Objects.Tests.World;
using GrainKube.Objects.Writes;
using Xunit;

namespace GrainKube.Objects.Tests.Writes;

public sealed class PatchTests(ObjectWorld world) : IClassFixture<ObjectWorld>
{
    [Theory]
    [InlineData(PatchType.Merge, """{"spec":{"color":"red","size":null}}""")]
    [InlineData(PatchType.Json, """[{"op":"replace","path":"/spec/color","value":"red"},{"op":"remove","path":"/spec/size"}]""")]
    [InlineData(PatchType.StrategicMerge, """{"spec":{"color":"red","size":null}}""")]
    public async Task Each_type_of_patch_changes_what_it_names(PatchType type, string patch)
    {
        var name = "patched-" + type.ToString().ToLowerInvariant();
        await world.CreateWidgetAsync(name, """{"size":"s","node":"n"}""");
        var answer = ObjectWorld.Json(await world.WriteAsync(ObjectWorld.Widget(name), WriteVerb.Patch, patch, r => r with { PatchType = type }));
        Assert.Equal("""{"color":"red","node":"n"}""", string.Concat(Sorted(answer["spec"]!.AsObject())));
        Assert.Equal(2, (int)answer["metadata"]!["generation"]!);
    }

    [Fact]
    public async Task A_patch_with_an_old_resource_version_is_a_conflict()
    {
        await world.CreateWidgetAsync("versioned");
        Assert.Equal(409, (await ObjectWorld.RefusedAsync(() => world.MergeAsync(ObjectWorld.Widget("versioned"), """{"metadata":{"resourceVersion":"1"}}"""))).Code);
    }

    [Fact]
    public async Task A_patch_of_another_version_speaks_that_version()
    {
        await world.CreateWidgetAsync("old", """{"color":"red"}""");
        var answer = ObjectWorld.Json(await world.WriteAsync(
            ObjectWorld.Widget("old"),
            WriteVerb.Patch,
            """[{"op":"test","path":"/spec/colour","value":"red"},{"op":"replace","path":"/spec/colour","value":"green"}]""",
            r => r with { PatchType = PatchType.Json, ApiVersion = "test.dev/v1beta1" }));
        Assert.Equal("green", (string)answer["spec"]!["colour"]!);
        Assert.Equal("green", (string)(await world.StoredAsync(ObjectWorld.Widget("old")))!["spec"]!["color"]!);
    }

    [Fact]
    public async Task A_patch_to_a_wrong_type_names_the_patch()
    {
        await world.CreateWidgetAsync("typed");
        var status = await ObjectWorld.RefusedAsync(() => world.MergeAsync(ObjectWorld.Widget("typed"), """{"spec":{"color":5}}"""));
        Assert.Equal((422, "patch"), (status.Code, Assert.Single(status.Causes).Field));
    }

    [Fact]
    public async Task Malformed_patches_and_unknown_types_are_refused()
    {
        await world.CreateWidgetAsync("odd");
        Assert.Equal(400, (await ObjectWorld.RefusedAsync(() => world.MergeAsync(ObjectWorld.Widget("odd"), "{"))).Code);
        Assert.Equal(415, (await ObjectWorld.RefusedAsync(() => world.WriteAsync(ObjectWorld.Widget("odd"), WriteVerb.Patch, "{}", r => r with { PatchType = PatchType.None }))).Code);
    }

    [Fact]
    public async Task A_patch_cannot_move_or_rename_an_object()
    {
        await world.CreateWidgetAsync("fixed");
        var status = await ObjectWorld.RefusedAsync(() => world.MergeAsync(ObjectWorld.Widget("fixed"), """{"metadata":{"name":"other"}}"""));
        Assert.Equal("the name of the object (other) does not match the name on the URL (fixed)", status.Message);
        Assert.Equal(404, (await ObjectWorld.RefusedAsync(() => world.MergeAsync(ObjectWorld.Widget("absent"), "{}"))).Code);
    }

    [Fact]
    public async Task Patches_that_race_with_another_writer_all_land()
    {
        await world.CreateWidgetAsync("raced", """{"replicas":0}""");
        world.Store.BeforeCommit = async transaction =>
        {
            var stored = (await world.Store.GetAsync(ObjectWorld.Widget("raced").StoreKey, CancellationToken.None))!;
            var edited = System.Text.Encoding.UTF8.GetString(stored.Value.Span).Replace("\"color\":\"blue\"", "\"color\":\"red\"", StringComparison.Ordinal);
            await world.Store.CommitAsync(Store.StoreTransaction.Update(stored.Key, System.Text.Encoding.UTF8.GetBytes(edited), stored.Revision), CancellationToken.None);
        };
        var answer = ObjectWorld.Json(await world.MergeAsync(ObjectWorld.Widget("raced"), """{"spec":{"replicas":3}}"""));
        Assert.Equal(("red", 3), ((string)answer["spec"]!["color"]!, (int)answer["spec"]!["replicas"]!));
    }

    [Fact]
    public async Task Preconditions_of_an_inner_patch_hold_it_back()
    {
        var created = await world.CreateWidgetAsync("held");
        await world.MergeAsync(ObjectWorld.Widget("held"), """{"spec":{"color":"red"}}""");
        var status = await ObjectWorld.RefusedAsync(() => world.WriteAsync(
            ObjectWorld.Widget("held"), WriteVerb.Patch, """{"spec":{"color":"green"}}""", r => r with { PatchType = PatchType.Merge, Preconditions = new Preconditions(Revision: created.Revision) }));
        Assert.Equal(409, status.Code);
    }

    [Fact]
    public async Task A_broken_fence_is_not_a_conflict()
    {
        await world.CreateWidgetAsync("fenced");
        var taken = await world.Store.CommitAsync(Store.StoreTransaction.Create("/grainkube/epoch", "1"u8.ToArray()), CancellationToken.None);
        Task<WriteResult> PatchAsync(string color) => world.WriteAsync(
            ObjectWorld.Widget("fenced"),
            WriteVerb.Patch,
            $$"""{"spec":{"color":"{{color}}"} }""",
            r => r with { PatchType = PatchType.Merge, Fence = new WriterFence("/grainkube/epoch", taken.Revision) });
        Assert.Equal(200, (await PatchAsync("red")).Code);
        await world.Store.CommitAsync(Store.StoreTransaction.Update("/grainkube/epoch", "2"u8.ToArray(), taken.Revision), CancellationToken.None);
        await Assert.ThrowsAsync<FenceBrokenException>(() => PatchAsync("green"));
        Assert.Equal("red", (string)(await world.StoredAsync(ObjectWorld.Widget("fenced")))!["spec"]!["color"]!);
    }

    private static string Sorted(System.Text.Json.Nodes.JsonObject item) =>
        new System.Text.Json.Nodes.JsonObject(item.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => KeyValuePair.Create(p.Key, p.Value?.DeepClone()))).ToJsonString();
}
