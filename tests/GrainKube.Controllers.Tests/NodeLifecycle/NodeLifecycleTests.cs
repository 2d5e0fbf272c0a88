using System.Text.Json.Nodes;
using GrainKube.Testing.Clusters;
using k8s.Models;
using Xunit;

namespace GrainKube.Controllers.Tests.NodeLifecycle;

[Collection(ClusterTests.Name)]
public sealed class NodeLifecycleTests(ClusterFixture fixture)
{
    [Fact]
    public async Task A_node_whose_lease_ran_out_is_unreachable_and_its_pods_are_evicted()
    {
        var ns = await fixture.Cluster.NamespaceAsync();
        var node = $"ghost-{ns.Name}";
        await LeaseAsync(node, DateTimeOffset.UnixEpoch);
        await fixture.Cluster.ApplyAsync(Node(node));
        await fixture.Cluster.PatchAsync(
            ns.Key<V1Node>(node),
            """{"status":{"conditions":[{"type":"Ready","status":"True","reason":"KubeletReady","message":"x","lastHeartbeatTime":"2020-01-01T00:00:00Z","lastTransitionTime":"2020-01-01T00:00:00Z"}]} }""",
            "status");
        await ns.ApplyAsync(Sample.Pod("stays", spec: $$""" "nodeName":"{{node}}","terminationGracePeriodSeconds":0,"tolerations":[{"operator":"Exists"}]"""));
        await ns.PatchAsync<V1Pod>("stays", """{"status":{"phase":"Running","conditions":[{"type":"Ready","status":"True"}]} }""", "status");
        await ns.ApplyAsync(Sample.Pod("goes", spec: $$""" "nodeName":"{{node}}","terminationGracePeriodSeconds":30,"tolerations":[{"key":"node.kubernetes.io/unreachable","operator":"Exists","effect":"NoExecute","tolerationSeconds":0}]"""));

        var lost = await ns.EventuallyOneAsync<V1Node>(node, n => n.Spec?.Taints is { Count: 2 });

        var ready = lost.Status.Conditions.Single(c => c.Type == "Ready");
        Assert.Equal(("Unknown", "NodeStatusUnknown", "Kubelet stopped posting node status."), (ready.Status, ready.Reason, ready.Message));
        Assert.NotNull(ready.LastHeartbeatTime);
        Assert.Equal(["NoExecute", "NoSchedule"], lost.Spec.Taints.Where(t => t.Key == "node.kubernetes.io/unreachable").Select(t => t.Effect).Order());
        await ns.EventuallyOneAsync<V1Pod>("goes", p => p.Metadata.DeletionTimestamp is not null && p.Status.Conditions.Any(c => c.Reason == "DeletionByTaintManager"));
        await ns.EventuallyOneAsync<V1Pod>("stays", p => p.Status.Conditions.Any(c => c is { Type: "Ready", Status: "False" }));
        Assert.Null((await ns.GetAsync<V1Pod>("stays")).Metadata.DeletionTimestamp);
        Assert.Equal($"Marking for deletion Pod {ns.Name}/goes", (await ns.EventAsync("goes", "TaintManagerEviction")).Message);

        await LeaseAsync(node, new DateTimeOffset(2100, 1, 1, 0, 0, 0, TimeSpan.Zero));
        await fixture.Cluster.PatchAsync(
            ns.Key<V1Node>(node), """{"status":{"conditions":[{"type":"Ready","status":"True","reason":"KubeletReady","message":"x","lastTransitionTime":"2020-01-01T00:00:00Z"}]} }""", "status");
        await ns.EventuallyOneAsync<V1Node>(node, n => n.Spec?.Taints is not { Count: > 0 });
        await RemoveAsync(ns, node);
    }

    [Fact]
    public async Task A_cordoned_node_is_tainted_and_other_taints_stay()
    {
        var ns = await fixture.Cluster.NamespaceAsync();
        var node = $"cordoned-{ns.Name}";
        await LeaseAsync(node, new DateTimeOffset(2100, 1, 1, 0, 0, 0, TimeSpan.Zero));
        var item = Node(node);
        item["spec"] = Sample.Parse("""{"unschedulable":true,"taints":[{"key":"mine","effect":"NoSchedule","value":"x"}]}""");
        await fixture.Cluster.ApplyAsync(item);

        await ns.EventuallyOneAsync<V1Node>(node, n => n.Spec.Taints?.Any(t => t is { Key: "node.kubernetes.io/unschedulable", Effect: "NoSchedule" }) == true && n.Spec.Taints.Any(t => t is { Key: "mine", Value: "x" }));
        await fixture.Cluster.PatchAsync(ns.Key<V1Node>(node), """{"spec":{"unschedulable":null} }""");
        await ns.EventuallyOneAsync<V1Node>(node, n => n.Spec.Taints?.Select(t => t.Key).SequenceEqual(["mine"]) == true);
        await RemoveAsync(ns, node);
    }

    [Fact]
    public async Task Pods_of_a_node_that_is_gone_fail_and_are_removed()
    {
        var ns = await fixture.Cluster.NamespaceAsync();
        var node = $"removed-{ns.Name}";
        await fixture.Cluster.ApplyAsync(Node(node));
        var pod = Sample.Pod("left", spec: $"\"nodeName\":\"{node}\"");
        pod["metadata"]!["finalizers"] = new JsonArray("test.dev/wait"); // failed is a state that it would pass through otherwise
        await ns.ApplyAsync(pod);

        await fixture.Cluster.Objects.DeleteAsync(ns.Key<V1Node>(node), null, CancellationToken.None);

        var failed = await ns.EventuallyOneAsync<V1Pod>("left", p => p.Status?.Phase == "Failed");
        var condition = failed.Status.Conditions.Single(c => c.Type == "DisruptionTarget");
        Assert.Equal(("DeletionByPodGC", "PodGC: node no longer exists"), (condition.Reason, condition.Message));
        await ns.PatchAsync<V1Pod>("left", """{"metadata":{"finalizers":null} }""");
        await ns.GoneAsync<V1Pod>("left");
    }

    [Fact]
    public async Task A_pod_deleted_before_it_was_bound_is_removed_at_once()
    {
        var ns = await fixture.Cluster.NamespaceAsync();
        await ns.ApplyAsync(Sample.Pod("waiting", spec: """ "schedulerName":"nobody" """));

        await ns.DeleteAsync<V1Pod>("waiting");

        await ns.GoneAsync<V1Pod>("waiting");
    }

    [Fact]
    public async Task Pods_that_end_on_a_node_that_is_out_of_service_are_removed()
    {
        var ns = await fixture.Cluster.NamespaceAsync();
        var node = $"dead-{ns.Name}";
        await fixture.Cluster.ApplyAsync(Node(node));
        await ns.ApplyAsync(Sample.Pod("ends", spec: $$""" "nodeName":"{{node}}","tolerations":[{"operator":"Exists"}]"""));
        await ns.ApplyAsync(Sample.Pod("evicted", spec: $$""" "nodeName":"{{node}}" """));
        await ns.DeleteAsync<V1Pod>("ends");
        await ns.EventuallyOneAsync<V1Pod>("ends", p => p.Metadata.DeletionTimestamp is not null);

        await fixture.Cluster.PatchAsync(ns.Key<V1Node>(node), """{"spec":{"taints":[{"key":"node.kubernetes.io/out-of-service","value":"nodeshutdown","effect":"NoExecute"}]} }""", "");

        await ns.GoneAsync<V1Pod>("ends");
        await ns.GoneAsync<V1Pod>("evicted");
        await RemoveAsync(ns, node);
    }

    private static JsonObject Node(string name) => Sample.Parse($$"""{"apiVersion":"v1","kind":"Node","metadata":{"name":"{{name}}"} }""");

    private async Task RemoveAsync(TestNamespace ns, string node) => await fixture.Cluster.Objects.DeleteAsync(ns.Key<V1Node>(node), null, CancellationToken.None);

    private Task LeaseAsync(string node, DateTimeOffset renewed) => fixture.Cluster.ApplyAsync(Sample.Parse(
        $$"""{"apiVersion":"coordination.k8s.io/v1","kind":"Lease","metadata":{"name":"{{node}}","namespace":"kube-node-lease"},"spec":{"holderIdentity":"{{node}}","leaseDurationSeconds":40,"renewTime":"{{renewed:yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'}}"} }"""));
}
