using System.Text.Json.Nodes;
using GrainKube.Testing.Clusters;
using k8s.Models;

namespace GrainKube.Networking.Tests.NodeRanges;

public sealed class NodeRangeTests
{
    [Fact]
    public async Task Nodes_get_ranges_of_their_own_and_the_server_s_node_waits_for_its_first()
    {
        await using var cluster = await GrainKubeCluster.StartAsync(options => options with { ClusterCidr = "10.33.0.0/19" });
        var own = await cluster.EventuallyAsync<V1Node>(
            n => n.Header.Name == cluster.Host.NodeName, found => found.Count == 1 && found[0].As<V1Node>().Status?.Conditions?.Any(c => c is { Type: "Ready", Status: "True" }) == true);
        Assert.Equal(("10.33.0.0/24", "10.33.0.0/24"), (own[0].As<V1Node>().Spec.PodCIDR, own[0].As<V1Node>().Spec.PodCIDRs[0]));

        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => cluster.ApplyAsync((JsonObject)JsonNode.Parse(
            $$"""{"apiVersion":"v1","kind":"Node","metadata":{"name":"n{{i}}"},"spec":{{(i == 7 ? """{"podCIDR":"10.33.3.0/24"}""" : "{}")}} }""")!)));
        var nodes = await cluster.EventuallyAsync<V1Node>(n => n.Header.Name != cluster.Host.NodeName, found => found.Count == 20 && found.All(n => n.As<V1Node>().Spec.PodCIDR?.Length > 0));
        Assert.Equal(20, nodes.Select(n => n.As<V1Node>().Spec.PodCIDR).Distinct().Count());
        Assert.Equal("10.33.3.0/24", nodes.Single(n => n.Header.Name == "n7").As<V1Node>().Spec.PodCIDR);

        // A pod of the server's node has an address of its range.
        var ns = await cluster.NamespaceAsync();
        await cluster.ApplyAsync((JsonObject)JsonNode.Parse(
            $$"""{"apiVersion":"v1","kind":"Pod","metadata":{"name":"p","namespace":"{{ns.Name}}"},"spec":{"nodeName":"{{cluster.Host.NodeName}}","containers":[{"name":"c","image":"x"}]} }""")!);
        await cluster.EventuallyAsync<V1Pod>(p => p.Header.Name == "p", found => found.Count == 1 && found[0].As<V1Pod>().Status?.PodIP?.StartsWith("10.33.0.", StringComparison.Ordinal) == true);
    }

    [Fact]
    public async Task A_node_that_gets_no_range_says_so_and_runs_as_soon_as_it_has_one()
    {
        await using var cluster = await GrainKubeCluster.StartAsync(options => options with { Controllers = ["*", "-nodeipam"] });
        var waiting = await cluster.EventuallyAsync<V1Node>(n => n.Header.Name == cluster.Host.NodeName, found => found.Count == 1 && Ready(found[0].As<V1Node>()) is { Status: "False" });
        Assert.Contains("the node has no podCIDR", Ready(waiting[0].As<V1Node>())!.Message, StringComparison.Ordinal);
        await cluster.PatchAsync(waiting[0].Key, """{"spec":{"podCIDR":"10.34.0.0/24"}}""");
        await cluster.EventuallyAsync<V1Node>(n => n.Header.Name == cluster.Host.NodeName, found => found.Count == 1 && Ready(found[0].As<V1Node>()) is { Status: "True" });
    }

    private static V1NodeCondition? Ready(V1Node node) => node.Status?.Conditions?.FirstOrDefault(c => c.Type == "Ready");
}
