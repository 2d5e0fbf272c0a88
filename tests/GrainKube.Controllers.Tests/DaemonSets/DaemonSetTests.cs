using System.Text.Json.Nodes;
using GrainKube.Testing.Clusters;
using k8s.Models;
using Xunit;

namespace GrainKube.Controllers.Tests.DaemonSets;

[Collection(ClusterTests.Name)]
public sealed class DaemonSetTests(ClusterFixture fixture)
{
    [Fact]
    public async Task Every_node_has_one_pod_and_a_deleted_one_comes_back()
    {
        var ns = await fixture.Cluster.NamespaceAsync();
        await ns.ApplyAsync(Set("agent"));
        var set = await DoneAsync(ns);
        var nodes = set.Status.DesiredNumberScheduled;
        Assert.True(nodes >= 3);
        var pods = await ns.EventuallyAsync<V1Pod>("app=agent", p => p.Count == nodes);
        Assert.Equal(nodes, pods.Select(p => p.Spec.NodeName).Distinct().Count());
        Assert.All(pods, p => Assert.Equal("1", p.Metadata.Labels["pod-template-generation"]));
        Assert.All(pods, p => Assert.Contains(p.Spec.Tolerations, t => t is { Key: "node.kubernetes.io/unschedulable", OperatorProperty: "Exists", Effect: "NoSchedule" }));
        Assert.All(pods, p => Assert.Single(p.Spec.Tolerations, t => t.Key == "node.kubernetes.io/not-ready" && t.TolerationSeconds is null));

        var victim = await ns.DeleteAnyAsync<V1Pod>("app=agent");

        await ns.EventuallyAsync<V1Pod>("app=agent", p => p.Count == nodes && p.All(o => o.Metadata.Name != victim && o.Status?.Phase == "Running"));
        Assert.StartsWith("Created pod: agent-", (await ns.EventAsync("agent", "SuccessfulCreate")).Message);
    }

    [Fact]
    public async Task Labels_of_nodes_decide_where_pods_run()
    {
        var ns = await fixture.Cluster.NamespaceAsync();
        var color = "color-" + ns.Name;
        var set = Set("agent");
        set["spec"]!["template"]!["spec"]!["nodeSelector"] = new JsonObject { [color] = "blue" };
        await ns.ApplyAsync(set);
        await ns.EventuallyOneAsync<V1DaemonSet>("agent", s => s.Status is { ObservedGeneration: 1, DesiredNumberScheduled: 0 });
        var node = fixture.Cluster.Objects.List<V1Node>().First();
        try
        {
            await fixture.Cluster.PatchAsync(node.Key, $$"""{"metadata":{"labels":{"{{color}}":"blue"} } }""");
            await ns.EventuallyAsync<V1Pod>("app=agent", p => p.Count == 1 && p[0].Spec.NodeName == node.Header.Name && p[0].Status?.Phase == "Running");

            await fixture.Cluster.PatchAsync(node.Key, $$"""{"metadata":{"labels":{"{{color}}":"green"} } }""");
            await ns.EventuallyAsync<V1Pod>("app=agent", p => p.Count == 0);

            await ns.PatchAsync<V1DaemonSet>("agent", $$"""{"spec":{"template":{"spec":{"nodeSelector":{"{{color}}":"green"} } } } }""");
            await ns.EventuallyOneAsync<V1DaemonSet>("agent", s => s.Status is { DesiredNumberScheduled: 1, NumberAvailable: 1 });
        }
        finally
        {
            await fixture.Cluster.PatchAsync(node.Key, $$"""{"metadata":{"labels":{"{{color}}":null} } }""");
        }
    }

    [Fact]
    public async Task A_cordoned_node_is_no_obstacle_and_a_taint_is_one()
    {
        await using var cluster = await GrainKubeCluster.StartAsync();
        var ns = await cluster.NamespaceAsync();
        var node = cluster.Objects.List<V1Node>().Single();
        await cluster.PatchAsync(node.Key, """{"spec":{"unschedulable":true} }""");
        await ns.ApplyAsync(Set("agent"));
        await DoneAsync(ns);

        await cluster.PatchAsync(node.Key, """{"spec":{"taints":[{"key":"own","value":"yes","effect":"NoSchedule"}]} }""");
        await ns.EventuallyOneAsync<V1DaemonSet>("agent", s => s.Status is { DesiredNumberScheduled: 0, NumberMisscheduled: 1 });

        await cluster.PatchAsync(node.Key, """{"spec":{"taints":[{"key":"own","value":"yes","effect":"NoExecute"}]} }""");
        await ns.EventuallyAsync<V1Pod>("app=agent", p => p.Count == 0);
    }

    [Fact]
    public async Task A_failed_pod_is_replaced()
    {
        var ns = await fixture.Cluster.NamespaceAsync();
        await ns.ApplyAsync(Set("agent"));
        var nodes = (await DoneAsync(ns)).Status.DesiredNumberScheduled;
        var first = (await ns.EventuallyAsync<V1Pod>("app=agent", p => p.Count == nodes))[0];

        await ns.PatchAsync<V1Pod>(first.Metadata.Name, """{"status":{"phase":"Failed"} }""", "status");

        await ns.GoneAsync<V1Pod>(first.Metadata.Name);
        await ns.EventuallyAsync<V1Pod>("app=agent", p => p.Count == nodes && p.All(o => o.Status?.Phase == "Running"));
        Assert.Equal($"Found failed daemon pod {ns.Name}/{first.Metadata.Name} on node {first.Spec.NodeName}, will try to kill it", (await ns.EventAsync("agent", "FailedDaemonPod")).Message);
    }

    [Fact]
    public async Task A_rollback_restarts_only_what_was_replaced()
    {
        var ns = await fixture.Cluster.NamespaceAsync();
        await ns.ApplyAsync(Set("agent"));
        var nodes = (await DoneAsync(ns)).Status.DesiredNumberScheduled;

        // A pod that finds no place stops the rollout on its node.
        await ns.PatchAsync<V1DaemonSet>("agent", """{"spec":{"template":{"spec":{"containers":[{"name":"main","image":"app:2","resources":{"requests":{"cpu":"9000"} } }]} } } }""");
        var middle = await ns.EventuallyAsync<V1Pod>("app=agent", p => p.Count == nodes && p.Count(o => o.Spec.Containers[0].Image == "app:2") == 1);
        var untouched = middle.Where(p => p.Spec.Containers[0].Image == "app:1").Select(p => p.Metadata.Uid).ToHashSet();

        await ns.PatchAsync<V1DaemonSet>("agent", """{"spec":{"template":{"spec":{"containers":[{"name":"main","image":"app:1"}]} } } }""");

        await DoneAsync(ns);
        var pods = await ns.EventuallyAsync<V1Pod>("app=agent", p => p.Count == nodes && p.All(o => o.Spec.Containers[0].Image == "app:1"));
        Assert.True(untouched.IsSubsetOf(pods.Select(p => p.Metadata.Uid)));
        var revisions = await ns.EventuallyAsync<V1ControllerRevision>("app=agent", r => r.Count == 2);
        Assert.Equal([2, 3], revisions.Select(r => r.Revision).Order());
    }

    [Fact]
    public async Task While_surging_the_old_pod_goes_when_the_new_one_is_there()
    {
        var ns = await fixture.Cluster.NamespaceAsync();
        const string surge = """ "updateStrategy":{"type":"RollingUpdate","rollingUpdate":{"maxSurge":1,"maxUnavailable":0} } """;
        await ns.ApplyAsync(Set("agent", "app:1", surge));
        var nodes = (await DoneAsync(ns)).Status.DesiredNumberScheduled;
        var (fewest, most) = (int.MaxValue, 0);
        using (fixture.Cluster.Objects.Cache.Kind(new("", "pods")).Subscribe(_ =>
        {
            var ready = fixture.Cluster.Objects.List<V1Pod>(ns.Name).Select(p => p.As<V1Pod>()).ToList();
            fewest = Math.Min(fewest, ready.Count(p => p.Metadata.DeletionTimestamp is null && p.Status?.Conditions?.Any(c => c is { Type: "Ready", Status: "True" }) == true));
            most = Math.Max(most, ready.Count(p => p.Metadata.DeletionTimestamp is null));
        }))
        {
            await ns.ApplyAsync(Set("agent", "app:2", surge));
            await DoneAsync(ns);
        }

        Assert.Equal((nodes, nodes + 1), (fewest, most));
    }

    [Fact]
    public async Task On_delete_waits_until_somebody_deletes_the_pod()
    {
        var ns = await fixture.Cluster.NamespaceAsync();
        const string onDelete = """ "updateStrategy":{"type":"OnDelete"} """;
        await ns.ApplyAsync(Set("agent", "app:1", onDelete));
        var nodes = (await DoneAsync(ns)).Status.DesiredNumberScheduled;
        await ns.ApplyAsync(Set("agent", "app:2", onDelete));
        await ns.EventuallyOneAsync<V1DaemonSet>("agent", s => s.Status.ObservedGeneration == s.Metadata.Generation && s.Status.UpdatedNumberScheduled is null or 0);

        await ns.DeleteAnyAsync<V1Pod>("app=agent");

        await ns.EventuallyOneAsync<V1DaemonSet>("agent", s => s.Status.UpdatedNumberScheduled == 1 && s.Status.NumberAvailable == nodes);
    }

    internal static JsonObject Set(string name, string image = "app:1", string spec = "") => Sample.Parse(
        $$"""
        {"apiVersion":"apps/v1","kind":"DaemonSet","metadata":{"name":"{{name}}"},"spec":{ {{spec}}{{(spec.Length > 0 ? "," : "")}}
         "selector":{"matchLabels":{"app":"{{name}}"} },"template":{"metadata":{"labels":{"app":"{{name}}"} },
         "spec":{"terminationGracePeriodSeconds":0,"containers":[{"name":"main","image":"{{image}}"}]} } } }
        """);

    private static Task<V1DaemonSet> DoneAsync(TestNamespace ns) => ns.EventuallyOneAsync<V1DaemonSet>(
        "agent",
        s => s.Status is { } status && status.ObservedGeneration == s.Metadata.Generation && status.DesiredNumberScheduled > 0
            && status.NumberAvailable == status.DesiredNumberScheduled && status.UpdatedNumberScheduled == status.DesiredNumberScheduled
            && status.CurrentNumberScheduled == status.DesiredNumberScheduled);
}
