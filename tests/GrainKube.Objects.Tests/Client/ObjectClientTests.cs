using System.Text.Json.Nodes;
using GrainKube.Objects.Client;
using GrainKube.Objects.Tests.World;
using GrainKube.Objects.Writes;
using k8s.Models;
using Xunit;

namespace GrainKube.Objects.Tests.Client;

public sealed class ObjectClientTests(ObjectWorld world) : IClassFixture<ObjectWorld>
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task What_a_client_wrote_it_reads_after_waiting()
    {
        var client = world.Client;
        var note = new V1ConfigMap { Metadata = new V1ObjectMeta { Name = "typed", NamespaceProperty = "clients" }, Data = new Dictionary<string, string> { ["a"] = "b" } };
        var created = await client.CreateAsync(note, None);
        await client.WaitForOwnWritesAsync(None);
        Assert.Equal("b", client.Get<V1ConfigMap>("clients", "typed")!.Data["a"]);
        Assert.Equal([created.Header.Uid], client.List<V1ConfigMap>("clients").Select(o => o.Header.Uid));
        var patched = await client.PatchAsync(client.KeyOf<V1ConfigMap>("clients", "typed"), new JsonObject { ["data"] = new JsonObject { ["a"] = "c" } }, "", null, None);
        Assert.True(patched.Revision > created.Revision);
        await client.WaitForOwnWritesAsync(None);
        Assert.Equal("c", client.Get<V1ConfigMap>("clients", "typed")!.Data["a"]);
    }

    [Fact]
    public async Task Generated_names_end_in_five_characters_and_are_drawn_again_when_taken()
    {
        var created = await world.Client.CreateAsync(
            new JsonObject { ["apiVersion"] = "v1", ["kind"] = "Note", ["metadata"] = new JsonObject { ["generateName"] = "web-", ["namespace"] = "names" } }, None);
        Assert.Matches("^web-[bcdfghjklmnpqrstvwxz2456789]{5}$", created.Key.Name);
        Assert.Equal(63, GeneratedNames.Draw(new string('a', 80)).Length);
    }

    [Fact]
    public async Task Deleting_what_is_gone_or_another_is_no_error()
    {
        var client = world.Client;
        await world.CreateWidgetAsync("deleted");
        var key = ObjectWorld.Widget("deleted");
        Assert.False(await client.DeleteAsync(key, new Preconditions("other"), None));
        Assert.True(await client.DeleteAsync(key, null, None));
        Assert.False(await client.DeleteAsync(key, null, None));
    }

    [Fact]
    public async Task Scaling_returns_the_parent()
    {
        await world.CreateWidgetAsync("scaled", """{"replicas":1}""");
        var parent = await world.Client.PatchAsync(ObjectWorld.Widget("scaled"), new JsonObject { ["spec"] = new JsonObject { ["replicas"] = 4 } }, "scale", null, None);
        Assert.Equal(4, (int)parent.ToNode()["spec"]!["replicas"]!);
    }

    [Fact]
    public async Task An_operation_goes_to_the_object()
    {
        await world.CreateWidgetAsync("invoked");
        var result = await world.Client.InvokeAsync(ObjectWorld.Widget("invoked"), "binding", new JsonObject { ["node"] = "n" , ["kind"] = "WidgetBinding", ["apiVersion"] = "test.dev/v1" }, None);
        Assert.Equal(201, result.Code);
    }
}
