using System.Text.Json.Nodes;
using GrainKube.Testing.Clusters;
using k8s.Models;
using Xunit;

namespace GrainKube.Controllers.Tests.TaintEviction;

[Collection(ClusterTests.Name)]
public sealed class TaintEvictionTests(ClusterFixture fixture)
{
    [Fact]
    public async Task Pods_leave_a_node_when_they_no_longer_tolerate_its_taint_and_stay_where_it_goes_first()
    {
        var ns = await fixture.Cluster.NamespaceAsync();
        var node = $"tainted-{ns.Name}";
        await fixture.Cluster.ApplyAsync(Sample.Parse($$"""{"apiVersion":"v1","kind":"Node","metadata":{"name":"{{node}}"} }"""));
        await ns.ApplyAsync(Pod("leaves", node, 1));
        await ns.ApplyAsync(Pod("waits", node, 3600));

        await fixture.Cluster.PatchAsync(ns.Key<V1Node>(node), """{"spec":{"taints":[{"key":"k","value":"v","effect":"NoExecute"}]} }""", "");
        await ns.GoneAsync<V1Pod>("leaves");
        await fixture.Cluster.PatchAsync(ns.Key<V1Node>(node), """{"spec":{"taints":null} }""", "");

        string[] told = [$"Cancelling deletion of Pod {ns.Name}/waits", $"Marking for deletion Pod {ns.Name}/leaves"];
        await ns.EventuallyAsync<Corev1Event>("", all => all.Where(e => e.Reason == "TaintManagerEviction").Select(e => e.Message).Distinct().Order().SequenceEqual(told));
        Assert.Null((await ns.EventuallyOneAsync<V1Pod>("waits", _ => true)).Metadata.DeletionTimestamp);
        await fixture.Cluster.Objects.DeleteAsync(ns.Key<V1Node>(node), null, CancellationToken.None);
    }

    private static JsonObject Pod(string name, string node, int seconds) => Sample.Pod(
        name, spec: $$""" "nodeName":"{{node}}","terminationGracePeriodSeconds":0,"tolerations":[{"key":"k","operator":"Exists","effect":"NoExecute","tolerationSeconds":{{seconds}}}]""");
}
