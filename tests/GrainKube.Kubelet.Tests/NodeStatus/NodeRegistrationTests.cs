using System.Text.Json.Nodes;
using GrainKube.Kubelet.Cluster;
using GrainKube.Kubelet.Tests.Agent;
using GrainKube.Objects.Writes;

namespace GrainKube.Kubelet.Tests.NodeStatus;

public sealed class NodeRegistrationTests
{
    private const string Resource = "example.com/fakecpu";

    [Fact]
    public async Task What_becomes_of_the_node_is_told_as_events()
    {
        await using var node = await TestNode.StartAsync();
        Assert.Equal(
            ["Starting", "NodeHasSufficientMemory", "NodeHasNoDiskPressure", "NodeHasSufficientPID", "NodeReady"], node.View.Events.Select(e => e.Reason));
        Assert.Equal("Node node-1 status is now: NodeReady", node.View.Events.Last().Message);

        foreach (var cordoned in (bool[])[true, false])
        {
            var item = node.View.Get(Keys.Node("node-1"))!.ToNode();
            item["spec"]!["unschedulable"] = cordoned;
            node.View.Put(item);
            await node.UntilAsync(() => node.View.Events.Last().Message == $"Node node-1 status is now: {(cordoned ? "NodeNotSchedulable" : "NodeSchedulable")}");
        }
    }

    [Fact]
    public async Task A_sign_of_life_is_given_every_five_minutes()
    {
        await using var node = await TestNode.StartAsync();
        var before = Ready(node);
        node.Time.Advance(TimeSpan.FromMinutes(5));
        await node.UntilAsync(() => (string)Ready(node)["lastHeartbeatTime"]! == "2030-01-02T03:09:05Z");
        Assert.Equal(("2030-01-02T03:04:05Z", (string)before["lastTransitionTime"]!), ((string)before["lastHeartbeatTime"]!, (string)Ready(node)["lastTransitionTime"]!));

        static JsonNode Ready(TestNode node) => Status(node)!["conditions"]!.AsArray().Single(c => (string?)c!["type"] == "Ready")!;
    }

    [Fact]
    public async Task What_is_written_into_the_capacity_is_there_for_pods_until_it_is_taken_out_again()
    {
        await using var node = await TestNode.StartAsync();
        await node.UntilAsync(() => Allocatable(node)?["cpu"] is not null);

        await CapacityAsync(node, "5");
        await node.UntilAsync(() => (string?)Allocatable(node)![Resource] == "5");
        node.Apply($$"""{"containers":[{"name":"web","image":"nginx","resources":{"requests":{"{{Resource}}":"4"},"limits":{"{{Resource}}":"4"} } }]}""");
        await node.UntilAsync(s => (string?)s["phase"] == "Running");
        node.Apply($$"""{"containers":[{"name":"web","image":"nginx","resources":{"requests":{"{{Resource}}":"2"},"limits":{"{{Resource}}":"2"} } }]}""", "second");
        await node.UntilAsync(s => (string?)s["reason"] == $"OutOf{Resource}", "second");

        await CapacityAsync(node, null);
        await node.UntilAsync(() => Allocatable(node)![Resource] is null);
    }

    [Fact]
    public async Task An_amount_that_a_client_spells_otherwise_is_left_alone()
    {
        await using var node = await TestNode.StartAsync();
        await node.UntilAsync(() => Allocatable(node)?["cpu"] is not null);
        var cpus = (string)Allocatable(node)!["cpu"]!;
        await node.View.PatchAsync(Keys.Node("node-1"), Patch("cpu", $"{cpus}000m"), "status", null, CancellationToken.None);

        // The report that this wakes, if any, is behind it.
        await CapacityAsync(node, "5");
        await node.UntilAsync(() => (string?)Allocatable(node)![Resource] == "5");

        Assert.Equal($"{cpus}000m", (string?)node.View.Get(Keys.Node("node-1"))!.ToNode()["status"]!["capacity"]!["cpu"]);
    }

    [Fact]
    public async Task Images_are_told_the_largest_first()
    {
        await using var node = new TestNode();
        foreach (var image in new[] { "busybox:1", "nginx:1" })
        {
            await node.Runtime.Images.PullAsync(image, null, CancellationToken.None);
        }

        await node.Agent.StartAsync();
        await node.UntilAsync(() => Status(node)?["images"] is JsonArray { Count: 2 });

        var images = Status(node)!["images"]!.AsArray();
        Assert.Equal(["busybox:1", "nginx:1"], images.SelectMany(i => i!["names"]!.AsArray()).Select(n => (string?)n).Where(n => !n!.Contains('@')).Order());
        Assert.True((long)images[0]!["sizeBytes"]! >= (long)images[1]!["sizeBytes"]!);
    }

    private static Task CapacityAsync(TestNode node, string? amount) =>
        node.View.PatchAsync(Keys.Node("node-1"), Patch(Resource, amount), "status", (Preconditions?)null, CancellationToken.None);

    private static JsonObject Patch(string resource, string? amount) =>
        new() { ["status"] = new JsonObject { ["capacity"] = new JsonObject { [resource] = amount } } };

    private static JsonNode? Allocatable(TestNode node) => Status(node)?["allocatable"];

    private static JsonNode? Status(TestNode node) => node.View.Get(Keys.Node("node-1"))?.ToNode()["status"];
}
