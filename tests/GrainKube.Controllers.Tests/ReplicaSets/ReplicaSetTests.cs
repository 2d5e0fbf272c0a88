using GrainKube.Testing.Clusters;
using k8s.Models;
using Xunit;

namespace GrainKube.Controllers.Tests.ReplicaSets;

[Collection(ClusterTests.Name)]
public sealed class ReplicaSetTests(ClusterFixture fixture)
{
    [Fact]
    public async Task Deleting_a_pod_creates_its_replacement()
    {
        var ns = await fixture.Cluster.NamespaceAsync();
        await ns.ApplyAsync(Sample.ReplicaSet("web", 2));
        await ns.EventuallyOneAsync<V1ReplicaSet>("web", s => s.Status?.ReadyReplicas == 2);

        var victim = await ns.DeleteAnyAsync<V1Pod>("app=web");

        await ns.EventuallyAsync<V1Pod>("app=web", pods => pods.Count == 2 && pods.All(p => p.Metadata.Name != victim && p.Status?.Phase == "Running"));
        Assert.StartsWith("Created pod: web-", (await ns.EventAsync("web", "SuccessfulCreate")).Message);
    }

    [Fact]
    public async Task Scaling_down_deletes_surplus_pods_and_counts_follow()
    {
        var ns = await fixture.Cluster.NamespaceAsync();
        await ns.ApplyAsync(Sample.ReplicaSet("web", 5));
        await ns.EventuallyOneAsync<V1ReplicaSet>("web", s => s.Status?.AvailableReplicas == 5);

        await ns.PatchAsync<V1ReplicaSet>("web", """{"spec":{"replicas":1} }""", "scale");

        await ns.EventuallyAsync<V1Pod>("app=web", pods => pods.Count == 1);
        await ns.EventuallyOneAsync<V1ReplicaSet>("web", s => s.Status?.Replicas == 1 && s.Status.ObservedGeneration == s.Metadata.Generation);
        Assert.StartsWith("Deleted pod: web-", (await ns.EventAsync("web", "SuccessfulDelete")).Message);
    }

    [Fact]
    public async Task An_orphan_that_matches_is_adopted_and_one_that_stops_matching_is_released()
    {
        var ns = await fixture.Cluster.NamespaceAsync();
        await ns.ApplyAsync(Sample.Pod("stray", """{"app":"web"}"""));
        await ns.ApplyAsync(Sample.ReplicaSet("web", 2));

        await ns.EventuallyOneAsync<V1Pod>("stray", p => p.Metadata.OwnerReferences is [{ Kind: "ReplicaSet", Name: "web", Controller: true, BlockOwnerDeletion: true }]);
        await ns.EventuallyAsync<V1Pod>("app=web", pods => pods.Count == 2);

        await ns.PatchAsync<V1Pod>("stray", """{"metadata":{"labels":{"app":"other"} } }""");

        await ns.EventuallyOneAsync<V1Pod>("stray", p => p.Metadata.OwnerReferences is not { Count: > 0 });
        await ns.EventuallyAsync<V1Pod>("app=web", pods => pods.Count == 2);
    }

    [Fact]
    public async Task A_selector_that_matches_anothers_pods_takes_none_of_them()
    {
        var ns = await fixture.Cluster.NamespaceAsync();
        await ns.ApplyAsync(Sample.ReplicaSet("web", 2));
        var theirs = await ns.EventuallyAsync<V1Pod>("app=web", pods => pods.Count == 2);
        var set = Sample.ReplicaSet("web", 1);
        set["metadata"]!["name"] = "rival";
        await ns.ApplyAsync(set);

        await ns.EventuallyOneAsync<V1ReplicaSet>("rival", s => s.Status?.AvailableReplicas == 1);
        var pods = await ns.EventuallyAsync<V1Pod>("app=web", pods => pods.Count == 3);
        Assert.All(theirs, pod => Assert.Equal("web", Assert.Single(pods, p => p.Metadata.Uid == pod.Metadata.Uid).Metadata.OwnerReferences[0].Name));
        Assert.Equal((2, 1), ((await ns.GetAsync<V1ReplicaSet>("web")).Status.Replicas, (await ns.GetAsync<V1ReplicaSet>("rival")).Status.Replicas));

        await ns.DeleteAsync<V1ReplicaSet>("rival");
        Assert.Equal(theirs.Select(p => p.Metadata.Uid).Order(), (await ns.EventuallyAsync<V1Pod>("app=web", left => left.Count == 2)).Select(p => p.Metadata.Uid).Order());
    }

    [Fact]
    public async Task A_finished_pod_is_replaced()
    {
        var ns = await fixture.Cluster.NamespaceAsync();
        await ns.ApplyAsync(Sample.ReplicaSet("web", 1));
        var first = (await ns.EventuallyAsync<V1Pod>("app=web", pods => pods is [{ Status.Phase: "Running" }]))[0];

        await ns.PatchAsync<V1Pod>(first.Metadata.Name, """{"status":{"phase":"Failed"} }""", "status");

        await ns.EventuallyAsync<V1Pod>("app=web", pods => pods.Any(p => p.Metadata.Name != first.Metadata.Name && p.Status?.Phase == "Running"));
    }

    [Fact]
    public async Task Pods_that_are_refused_are_told_by_condition_and_event()
    {
        var ns = await fixture.Cluster.NamespaceAsync();
        var set = Sample.ReplicaSet("web", 1);
        set["spec"]!["template"]!["spec"]!["serviceAccountName"] = "nobody";
        await ns.ApplyAsync(set);

        var refused = await ns.EventuallyOneAsync<V1ReplicaSet>("web", s => s.Status?.Conditions?.Any(c => c is { Type: "ReplicaFailure", Status: "True", Reason: "FailedCreate" }) == true);
        Assert.Contains("serviceaccount \"nobody\" not found", refused.Status.Conditions[0].Message);
        Assert.StartsWith("Error creating: pods \"web-", (await ns.EventAsync("web", "FailedCreate")).Message);

        await ns.ApplyAsync(Sample.Parse("""{"apiVersion":"v1","kind":"ServiceAccount","metadata":{"name":"nobody"} }"""));
        await ns.EventuallyOneAsync<V1ReplicaSet>("web", s => s.Status?.ReadyReplicas == 1 && s.Status.Conditions is not { Count: > 0 });
    }
}
