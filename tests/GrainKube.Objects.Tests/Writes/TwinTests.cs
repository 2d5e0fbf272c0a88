using System.Text;
using GrainKube.ApiMachinery.Identity;
using GrainKube.Objects.Tests.World;
using GrainKube.Objects.Writes;
using Xunit;

namespace GrainKube.Objects.Tests.Writes;

/// <summary>Two activations of one object at once, as Orleans may have for a while: two pipelines with memories of their own stand for them.</summary>
public sealed class TwinTests(ObjectWorld world) : IClassFixture<ObjectWorld>
{
    private static readonly UserInfo User = new() { Name = "tester" };

    [Fact]
    public async Task Of_two_creates_exactly_one_wins()
    {
        var key = ObjectWorld.Widget("contested");
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => CreatesAsync(key))));
        Assert.Equal(1, outcomes.Count(won => won));
    }

    [Fact]
    public async Task No_increment_is_lost()
    {
        var key = ObjectWorld.Widget("counter");
        await world.CreateWidgetAsync("counter", """{"replicas":0}""");
        await Task.WhenAll(Enumerable.Range(0, 4).Select(twin => Task.Run(async () =>
        {
            HeldObject? held = null;
            for (var i = 0; i < 25; i++)
            {
                held = await IncrementAsync(key, held);
            }
        })));
        var stored = await world.StoredAsync(key);
        Assert.Equal((100, 101), ((int)stored!["spec"]!["replicas"]!, (int)stored["metadata"]!["generation"]!));
    }

    [Fact]
    public async Task A_stale_memory_never_answers_for_the_store()
    {
        var key = ObjectWorld.Widget("remembered");
        await world.CreateWidgetAsync("remembered");
        var pipeline = world.Service<WritePipeline>();
        var (_, old) = await pipeline.RunAsync(key, Merge("""{"spec":{"color":"red"}}"""), null);
        await world.MergeAsync(key, """{"spec":{"color":"green"}}""");

        // The twin believes in red: setting red again must not pass for "no change".
        var stale = old! with { Revision = long.MaxValue };
        var (result, _) = await pipeline.RunAsync(key, Merge("""{"spec":{"color":"red"}}"""), stale);
        Assert.Equal("red", (string)(await world.StoredAsync(key))!["spec"]!["color"]!);
        Assert.Equal(4, (int)ObjectWorld.Json(result)["metadata"]!["generation"]!);
        await world.WriteAsync(key, WriteVerb.Delete, "");
        Assert.Equal(404, (await ObjectWorld.RefusedAsync(() => pipeline.RunAsync(key, Merge("""{"spec":{"color":"red"}}"""), stale))).Code);
    }

    private static WriteRequest Merge(string patch) => new() { Verb = WriteVerb.Patch, PatchType = PatchType.Merge, User = User, Body = Encoding.UTF8.GetBytes(patch) };

    private async Task<bool> CreatesAsync(ApiMachinery.Objects.ObjectKey key)
    {
        var request = new WriteRequest { Verb = WriteVerb.Create, User = User, Body = Encoding.UTF8.GetBytes($$"""{"metadata":{"name":"{{key.Name}}"},"spec":{} }""") };
        try
        {
            await world.Service<WritePipeline>().RunAsync(key, request, null);
            return true;
        }
        catch (ApiMachinery.Errors.ApiException taken) when (taken.Status.Reason == "AlreadyExists")
        {
            return false;
        }
    }

    /// <summary>Reads, adds one and writes under the revision read, until it was not too late.</summary>
    private async Task<HeldObject?> IncrementAsync(ApiMachinery.Objects.ObjectKey key, HeldObject? held)
    {
        while (true)
        {
            var read = (await world.Store.GetAsync(key.StoreKey, CancellationToken.None))!;
            var replicas = (int)System.Text.Json.Nodes.JsonNode.Parse(read.Value.Span)!["spec"]!["replicas"]!;
            try
            {
                return (await world.Service<WritePipeline>().RunAsync(
                    key, Merge($$"""{"metadata":{"resourceVersion":"{{read.Revision}}"},"spec":{"replicas":{{replicas + 1}}} }"""), held)).Held;
            }
            catch (ApiMachinery.Errors.ApiException conflict) when (conflict.Status.Code == 409)
            {
                // somebody else was first
            }
        }
    }
}
