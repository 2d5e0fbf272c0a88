using GrainKube.Testing.Clusters;
using k8s.Models;
using Xunit;

namespace GrainKube.Controllers.Tests.Disruption;

[Collection(ClusterTests.Name)]
public sealed class DisruptionTests(ClusterFixture fixture)
{
    [Fact]
    public async Task A_budget_counts_the_pods_of_a_deployment_and_follows_its_scale()
    {
        var ns = await fixture.Cluster.NamespaceAsync();
        await ns.ApplyAsync(Budget("""{"maxUnavailable":"30%","selector":{"matchLabels":{"app":"web"} } }"""));
        await ns.EventuallyOneAsync<V1PodDisruptionBudget>("web", b => b.Status is { ObservedGeneration: 1, DisruptionsAllowed: 0 });
        Assert.Equal("No matching pods found", (await ns.EventAsync("web", "NoPods")).Message);
        await ns.ApplyAsync(Sample.Deployment("web", 4));

        var budget = await ns.EventuallyOneAsync<V1PodDisruptionBudget>("web", b => b.Status is { ExpectedPods: 4, CurrentHealthy: 4, DesiredHealthy: 2, DisruptionsAllowed: 2 });
        var condition = Assert.Single(budget.Status.Conditions);
        Assert.Equal(("DisruptionAllowed", "True", "SufficientPods", "", 1L), (condition.Type, condition.Status, condition.Reason, condition.Message, condition.ObservedGeneration!.Value));

        await ns.PatchAsync<V1Deployment>("web", """{"spec":{"replicas":1} }""", "scale");

        await ns.EventuallyOneAsync<V1PodDisruptionBudget>(
            "web", b => b.Status is { ExpectedPods: 1, CurrentHealthy: 1, DesiredHealthy: 0, DisruptionsAllowed: 1 });

        await ns.PatchAsync<V1PodDisruptionBudget>("web", """{"spec":{"maxUnavailable":null,"minAvailable":1} }""");
        await ns.EventuallyOneAsync<V1PodDisruptionBudget>(
            "web", b => b.Status is { ObservedGeneration: 2, DisruptionsAllowed: 0 } && b.Status.Conditions is [{ Status: "False", Reason: "InsufficientPods" }]);
    }

    [Fact]
    public async Task An_eviction_is_given_back_when_its_pod_is_replaced()
    {
        var ns = await fixture.Cluster.NamespaceAsync();
        await ns.ApplyAsync(Budget("""{"minAvailable":1,"selector":{"matchLabels":{"app":"web"} } }"""));
        await ns.ApplyAsync(Sample.ReplicaSet("web", 2));
        await ns.EventuallyOneAsync<V1PodDisruptionBudget>("web", b => b.Status is { DisruptionsAllowed: 1 });
        var victim = (await ns.EventuallyAsync<V1Pod>("app=web", pods => pods.Count == 2))[0].Metadata.Name;

        await ns.PatchAsync<V1PodDisruptionBudget>(
            "web", $$"""{"status":{"disruptionsAllowed":0,"disruptedPods":{"{{victim}}":"{{TimeProvider.System.GetUtcNow():yyyy-MM-dd'T'HH:mm:ss'Z'}}"} } }""", "status");
        await ns.EventuallyOneAsync<V1PodDisruptionBudget>("web", b => b.Status is { DisruptionsAllowed: 0, CurrentHealthy: 1, DisruptedPods.Count: 1 });
        await ns.DeleteAsync<V1Pod>(victim, grace: 0);

        await ns.EventuallyOneAsync<V1PodDisruptionBudget>("web", b => b.Status is { DisruptionsAllowed: 1, CurrentHealthy: 2, DisruptedPods: null or { Count: 0 } });
    }

    [Fact]
    public async Task Pods_of_something_without_a_scale_allow_nothing_and_say_why()
    {
        var ns = await fixture.Cluster.NamespaceAsync();
        await ns.ApplyAsync(Sample.ConfigMap("owner"));
        var owner = (await ns.GetAsync<V1ConfigMap>("owner")).Metadata.Uid;
        var pod = Sample.Pod("one", """{"app":"web"}""");
        pod["metadata"]!["ownerReferences"] = new System.Text.Json.Nodes.JsonArray(
            Sample.Parse($$"""{"apiVersion":"v1","kind":"ConfigMap","name":"owner","uid":"{{owner}}","controller":true}"""));
        await ns.ApplyAsync(pod);
        await ns.ApplyAsync(Budget("""{"maxUnavailable":1,"selector":{"matchLabels":{"app":"web"} } }"""));

        var budget = await ns.EventuallyOneAsync<V1PodDisruptionBudget>("web", b => b.Status?.Conditions is [{ Reason: "SyncFailed" }]);

        Assert.Equal((0, "configmaps does not implement the scale subresource"), (budget.Status.DisruptionsAllowed, budget.Status.Conditions[0].Message));
        Assert.StartsWith("Failed to calculate the number of expected pods", (await ns.EventAsync("web", "CalculateExpectedPodCountFailed")).Message);
    }

    private static System.Text.Json.Nodes.JsonObject Budget(string spec) =>
        Sample.Parse($$"""{"apiVersion":"policy/v1","kind":"PodDisruptionBudget","metadata":{"name":"web"},"spec":{{spec}} }""");
}
