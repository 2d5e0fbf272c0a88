using GrainKube.Objects.Writes;
using GrainKube.Testing.Clusters;
using k8s.Models;
using Xunit;

namespace GrainKube.Controllers.Tests.ReplicationControllers;

[Collection(ClusterTests.Name)]
public sealed class ReplicationControllerTests(ClusterFixture fixture)
{
    [Fact]
    public async Task It_makes_its_pods_scales_and_counts()
    {
        var ns = await fixture.Cluster.NamespaceAsync();
        await ns.ApplyAsync(Controller("web", 2));

        var made = await ns.EventuallyOneAsync<V1ReplicationController>("web", c => c.Status is { Replicas: 2, ReadyReplicas: 2, AvailableReplicas: 2, FullyLabeledReplicas: 2 });
        Assert.Equal(made.Metadata.Generation, made.Status.ObservedGeneration);
        var pods = await ns.EventuallyAsync<V1Pod>("app=web", all => all.Count == 2);
        Assert.All(pods, p => Assert.Equal(("ReplicationController", "web", true), (p.Metadata.OwnerReferences[0].Kind, p.Metadata.OwnerReferences[0].Name, p.Metadata.OwnerReferences[0].Controller)));
        Assert.StartsWith("Created pod: web-", (await ns.EventAsync("web", "SuccessfulCreate")).Message);

        await ns.PatchAsync<V1ReplicationController>("web", """{"spec":{"replicas":1} }""", "scale");

        await ns.EventuallyOneAsync<V1ReplicationController>("web", c => c.Status is { Replicas: 1 } && c.Status.ObservedGeneration == c.Metadata.Generation);
    }

    [Fact]
    public async Task It_adopts_a_matching_pod_and_releases_one_that_stops_matching()
    {
        var ns = await fixture.Cluster.NamespaceAsync();
        await ns.ApplyAsync(Sample.Pod("stray", """{"app":"web"}"""));
        await ns.ApplyAsync(Controller("web", 1));
        await ns.EventuallyOneAsync<V1Pod>("stray", p => p.Metadata.OwnerReferences is [{ Kind: "ReplicationController", Controller: true }]);

        await ns.PatchAsync<V1Pod>("stray", """{"metadata":{"labels":{"app":"other"} } }""");

        await ns.EventuallyOneAsync<V1Pod>("stray", p => p.Metadata.OwnerReferences is not { Count: > 0 });
        await ns.EventuallyAsync<V1Pod>("app=web", pods => pods.Count == 1);
    }

    [Fact]
    public async Task Refused_pods_are_told_by_a_condition_that_goes_when_none_is_missing()
    {
        var ns = await fixture.Cluster.NamespaceAsync();
        var controller = Controller("web", 1);
        controller["spec"]!["template"]!["spec"]!["serviceAccountName"] = "nobody";
        await ns.ApplyAsync(controller);
        await ns.EventuallyOneAsync<V1ReplicationController>("web", c => c.Status?.Conditions is [{ Type: "ReplicaFailure", Status: "True", Reason: "FailedCreate" }]);

        await ns.PatchAsync<V1ReplicationController>("web", """{"spec":{"replicas":0} }""", "scale");

        await ns.EventuallyOneAsync<V1ReplicationController>("web", c => c.Status?.Conditions is not { Count: > 0 });
    }

    [Fact]
    public async Task Deleted_as_an_orphan_maker_it_leaves_its_pods()
    {
        var ns = await fixture.Cluster.NamespaceAsync();
        await ns.ApplyAsync(Controller("web", 2));
        await ns.EventuallyOneAsync<V1ReplicationController>("web", c => c.Status?.ReadyReplicas == 2);

        await ns.DeleteAsync<V1ReplicationController>("web", DeletePropagation.Orphan);

        await ns.GoneAsync<V1ReplicationController>("web");
        await ns.EventuallyAsync<V1Pod>("app=web", pods => pods.Count == 2 && pods.All(p => p.Metadata.OwnerReferences is not { Count: > 0 }));
    }

    private static System.Text.Json.Nodes.JsonObject Controller(string name, int replicas) => Sample.Parse(
        $$"""
        {"apiVersion":"v1","kind":"ReplicationController","metadata":{"name":"{{name}}"},"spec":{"replicas":{{replicas}},"template":{"metadata":{"labels":{"app":"{{name}}"} },
         "spec":{"terminationGracePeriodSeconds":0,"containers":[{"name":"main","image":"app:1"}]} } } }
        """);
}
