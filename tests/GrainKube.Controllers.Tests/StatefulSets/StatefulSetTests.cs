using System.Text.Json.Nodes;
using GrainKube.Testing.Clusters;
using k8s.Models;
using Xunit;

namespace GrainKube.Controllers.Tests.StatefulSets;

[Collection(ClusterTests.Name)]
public sealed class StatefulSetTests(ClusterFixture fixture)
{
    [Fact]
    public async Task Pods_come_one_after_the_other_with_their_names_and_labels()
    {
        var ns = await fixture.Cluster.NamespaceAsync();
        var early = false;
        using (fixture.Cluster.Objects.Cache.Kind(new("", "pods")).Subscribe(change => early |= change is { Before: null, After.Key: { Name: "web-1" } key } && key.Namespace == ns.Name
            && fixture.Cluster.Objects.Get<V1Pod>(ns.Name, "web-0")?.Status.Conditions.Any(c => c is { Type: "Ready", Status: "True" }) != true))
        {
            await ns.ApplyAsync(StatefulSamples.Set("web", 3));
            await ReadyAsync(ns, 3);
        }

        Assert.False(early);
        var pod = await ns.GetAsync<V1Pod>("web-2");
        Assert.Equal("web-2", pod.Metadata.Labels["statefulset.kubernetes.io/pod-name"]);
        Assert.Equal("2", pod.Metadata.Labels["apps.kubernetes.io/pod-index"]);
        Assert.Equal(("web-2", "web-svc"), (pod.Spec.Hostname, pod.Spec.Subdomain));
        var set = await ns.EventuallyOneAsync<V1StatefulSet>("web", s => s.Status.AvailableReplicas == 3 && s.Status.CurrentReplicas == 3);
        Assert.Equal(pod.Metadata.Labels["controller-revision-hash"], set.Status.CurrentRevision);
        Assert.Equal((set.Status.CurrentRevision, 3, 0), (set.Status.UpdateRevision, set.Status.UpdatedReplicas, set.Status.CollisionCount));
        Assert.Equal("create Pod web-0 in StatefulSet web successful", (await ns.EventAsync("web", "SuccessfulCreate")).Message);
    }

    [Fact]
    public async Task Scaling_down_goes_in_reverse_and_halts_while_a_pod_is_not_well()
    {
        var ns = await fixture.Cluster.NamespaceAsync();
        var set = StatefulSamples.Set("web", 3);
        set["spec"]!["template"]!["spec"]!["readinessGates"] = new JsonArray(new JsonObject { ["conditionType"] = "tests/well" });
        await ns.ApplyAsync(set);
        foreach (var pod in new[] { "web-0", "web-1", "web-2" })
        {
            await SetWellAsync(ns, pod, well: true);
        }

        await ReadyAsync(ns, 3);
        await SetWellAsync(ns, "web-0", well: false);

        await ns.PatchAsync<V1StatefulSet>("web", """{"spec":{"replicas":1} }""", "scale");
        await ns.EventuallyOneAsync<V1StatefulSet>("web", s => s.Status.ObservedGeneration == s.Metadata.Generation && s.Status.Replicas == 3);
        Assert.Equal(3, (await ns.EventuallyAsync<V1Pod>("app=web", _ => true)).Count);

        await SetWellAsync(ns, "web-0", well: true);
        await ns.EventuallyAsync<V1Pod>("app=web", pods => pods is [{ Metadata.Name: "web-0" }]);
        var events = await ns.EventuallyAsync<Corev1Event>("", all => all.Count(e => e.Reason == "SuccessfulDelete") == 2);
        Assert.Equal(
            ["delete Pod web-2 in StatefulSet web successful", "delete Pod web-1 in StatefulSet web successful"],
            events.Where(e => e.Reason == "SuccessfulDelete").OrderBy(e => e.Metadata.ResourceVersion.Length).ThenBy(e => e.Metadata.ResourceVersion, StringComparer.Ordinal).Select(e => e.Message));
    }

    [Fact]
    public async Task Parallel_sets_do_not_wait()
    {
        var ns = await fixture.Cluster.NamespaceAsync();
        var set = StatefulSamples.Set("web", 3, spec: """ "podManagementPolicy":"Parallel","ordinals":{"start":5} """);
        set["spec"]!["template"]!["spec"]!["nodeSelector"] = Sample.Parse("""{"nowhere":"yes"}""");
        await ns.ApplyAsync(set);

        var pods = await ns.EventuallyAsync<V1Pod>("app=web", p => p.Count == 3);
        Assert.Equal(["web-5", "web-6", "web-7"], pods.Select(p => p.Metadata.Name).Order());

        await ns.PatchAsync<V1StatefulSet>("web", """{"spec":{"replicas":0} }""");
        await ns.EventuallyAsync<V1Pod>("app=web", p => p.Count == 0);
    }

    [Fact]
    public async Task A_partition_is_a_canary_and_going_back_takes_the_old_revision_up_again()
    {
        var ns = await fixture.Cluster.NamespaceAsync();
        await ns.ApplyAsync(StatefulSamples.Set("web", 3));
        var first = (await ReadyAsync(ns, 3)).Status.UpdateRevision;

        await ns.PatchAsync<V1StatefulSet>("web", """{"spec":{"updateStrategy":{"rollingUpdate":{"partition":2} } } }""");
        await ns.ApplyAsync(StatefulSamples.Set("web", 3, "app:2"));
        var canary = await ns.EventuallyOneAsync<V1StatefulSet>("web", s => s.Status is { UpdatedReplicas: 1, ReadyReplicas: 3, CurrentReplicas: 2 });
        Assert.Equal(first, canary.Status.CurrentRevision);
        Assert.NotEqual(first, canary.Status.UpdateRevision);
        Assert.Equal(["app:1", "app:1", "app:2"], await ImagesAsync(ns));

        // A pod below the partition comes back as it was, one above as it is to be.
        var before = (await ns.EventuallyAsync<V1Pod>("app=web", p => p.Count == 3)).Select(p => p.Metadata.Uid).ToHashSet();
        await ns.DeleteAsync<V1Pod>("web-0");
        await ns.DeleteAsync<V1Pod>("web-2");
        await ns.EventuallyAsync<V1Pod>("app=web", p => p.Count == 3 && p.Count(o => before.Contains(o.Metadata.Uid)) == 1);
        Assert.Equal(["app:1", "app:1", "app:2"], await ImagesAsync(ns));

        await ns.PatchAsync<V1StatefulSet>("web", """{"spec":{"updateStrategy":{"rollingUpdate":{"partition":0} } } }""");
        await ns.EventuallyOneAsync<V1StatefulSet>("web", s => s.Status.CurrentRevision == canary.Status.UpdateRevision && s.Status.ReadyReplicas == 3);
        Assert.Equal(["app:2", "app:2", "app:2"], await ImagesAsync(ns));

        await ns.ApplyAsync(StatefulSamples.Set("web", 3));
        var back = await ns.EventuallyOneAsync<V1StatefulSet>("web", s => s.Status.CurrentRevision == first && s.Status.ReadyReplicas == 3);
        Assert.Equal(first, back.Status.UpdateRevision);
        var revisions = await ns.EventuallyAsync<V1ControllerRevision>("app=web", r => r.Count == 2);
        Assert.Equal(3, revisions.Single(r => r.Metadata.Name == first).Revision);
    }

    [Fact]
    public async Task On_delete_waits_until_somebody_deletes_the_pod()
    {
        var ns = await fixture.Cluster.NamespaceAsync();
        const string onDelete = """ "updateStrategy":{"type":"OnDelete"} """;
        await ns.ApplyAsync(StatefulSamples.Set("web", 2, spec: onDelete));
        await ReadyAsync(ns, 2);
        await ns.ApplyAsync(StatefulSamples.Set("web", 2, "app:2", onDelete));
        await ns.EventuallyOneAsync<V1StatefulSet>("web", s => s.Status.ObservedGeneration == s.Metadata.Generation && s.Status.UpdateRevision != s.Status.CurrentRevision);
        Assert.Equal(["app:1", "app:1"], await ImagesAsync(ns));

        await ns.DeleteAsync<V1Pod>("web-0");

        await ns.EventuallyOneAsync<V1StatefulSet>("web", s => s.Status is { UpdatedReplicas: 1, ReadyReplicas: 2 });
        Assert.Equal(["app:2", "app:1"], await ImagesAsync(ns));
    }

    [Fact]
    public async Task A_failed_pod_is_made_again()
    {
        var ns = await fixture.Cluster.NamespaceAsync();
        await ns.ApplyAsync(StatefulSamples.Set("web", 1));
        await ReadyAsync(ns, 1);
        var first = await ns.GetAsync<V1Pod>("web-0");

        await ns.PatchAsync<V1Pod>("web-0", """{"status":{"phase":"Failed","reason":"Evicted"} }""", "status");

        await ns.EventuallyOneAsync<V1Pod>("web-0", p => p.Metadata.Uid != first.Metadata.Uid && p.Status?.Phase == "Running");
        Assert.EndsWith("is recreating failed Pod web-0", (await ns.EventAsync("web", "RecreatingFailedPod")).Message);
    }

    [Fact]
    public async Task A_pod_that_its_node_rejects_is_made_again_until_there_is_room()
    {
        await using var cluster = await GrainKubeCluster.StartAsync();
        var ns = await cluster.NamespaceAsync();
        var bound = $"\"nodeName\":\"{cluster.Objects.List<V1Node>().Single().Header.Name}\"";
        const string ports = """[{"containerPort":21017,"hostPort":21017}]""";
        var first = Sample.Pod("first", spec: bound + ",\"terminationGracePeriodSeconds\":0");
        first["spec"]!["containers"]![0]!["ports"] = JsonNode.Parse(ports);
        await ns.ApplyAsync(first);
        await ns.EventuallyOneAsync<V1Pod>("first", p => p.Status?.Phase == "Running");
        var set = StatefulSamples.Set("web", 1);
        set["spec"]!["template"]!["spec"]!["nodeName"] = cluster.Objects.List<V1Node>().Single().Header.Name;
        set["spec"]!["template"]!["spec"]!["containers"]![0]!["ports"] = JsonNode.Parse(ports);

        await ns.ApplyAsync(set);
        await ns.EventAsync("web", "RecreatingFailedPod");
        await ns.DeleteAsync<V1Pod>("first", grace: 0);

        await ns.EventuallyOneAsync<V1Pod>("web-0", p => p.Status?.Phase == "Running");
    }

    [Fact]
    public async Task Only_the_newest_unused_revisions_are_kept()
    {
        var ns = await fixture.Cluster.NamespaceAsync();
        for (var version = 1; version <= 4; version++)
        {
            await ns.ApplyAsync(StatefulSamples.Set("web", 1, $"app:{version}", """ "revisionHistoryLimit":1 """));
            await ReadyAsync(ns, 1);
        }

        var left = await ns.EventuallyAsync<V1ControllerRevision>("app=web", r => r.Count == 2);
        Assert.Equal([3, 4], left.Select(r => r.Revision).Order());
    }

    [Fact]
    public async Task Pods_are_adopted_by_name_and_released_by_label()
    {
        var ns = await fixture.Cluster.NamespaceAsync();
        await ns.ApplyAsync(Sample.Pod("web-0", """{"app":"web"}"""));
        await ns.ApplyAsync(Sample.Pod("other-0", """{"app":"web"}"""));
        await ns.ApplyAsync(StatefulSamples.Set("web", 1, spec: """ "updateStrategy":{"type":"OnDelete"} """));

        await ns.EventuallyOneAsync<V1Pod>("web-0", p => p.Metadata.OwnerReferences is [{ Kind: "StatefulSet", Name: "web", Controller: true }]
            && p.Metadata.Labels.ContainsKey("apps.kubernetes.io/pod-index"));
        Assert.Null((await ns.GetAsync<V1Pod>("other-0")).Metadata.OwnerReferences);

        await ns.PatchAsync<V1Pod>("web-0", """{"metadata":{"labels":{"app":"else"} } }""");
        await ns.EventuallyOneAsync<V1Pod>("web-0", p => p.Metadata.OwnerReferences is not { Count: > 0 });

        // The name is free for one of ours only when the stranger is gone.
        await ns.DeleteAsync<V1Pod>("web-0", grace: 0);
        await ns.EventuallyOneAsync<V1Pod>("web-0", p => p.Metadata.OwnerReferences is { Count: 1 } && p.Metadata.Labels["app"] == "web");
    }

    private static Task<V1StatefulSet> ReadyAsync(TestNamespace ns, int replicas) => ns.EventuallyOneAsync<V1StatefulSet>(
        "web",
        s => s.Status is { } status && status.ObservedGeneration == s.Metadata.Generation && status.ReadyReplicas == replicas && status.Replicas == replicas
            && status.CurrentRevision == status.UpdateRevision && status.UpdatedReplicas == replicas);

    private static async Task<string[]> ImagesAsync(TestNamespace ns) =>
        [.. (await ns.EventuallyAsync<V1Pod>("app=web", _ => true)).OrderBy(p => p.Metadata.Name, StringComparer.Ordinal).Select(p => p.Spec.Containers[0].Image)];

    private static async Task SetWellAsync(TestNamespace ns, string pod, bool well)
    {
        var status = well ? "True" : "False";
        await ns.EventuallyOneAsync<V1Pod>(pod, p => p.Status?.Phase == "Running");
        await ns.PatchAsync<V1Pod>(pod, $$"""{"status":{"conditions":[{"type":"tests/well","status":"{{status}}"}]} }""", "status");
        await ns.EventuallyOneAsync<V1Pod>(pod, p => p.Status.Conditions.Any(c => c.Type == "Ready" && c.Status == status));
    }
}
