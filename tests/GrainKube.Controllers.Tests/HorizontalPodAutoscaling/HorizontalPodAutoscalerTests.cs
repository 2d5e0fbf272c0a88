using System.Text.Json.Nodes;
using GrainKube.Testing.Clusters;
using k8s.Models;
using Xunit;

namespace GrainKube.Controllers.Tests.HorizontalPodAutoscaling;

[Collection(ClusterTests.Name)]
public sealed class HorizontalPodAutoscalerTests(ClusterFixture fixture)
{
    [Fact]
    public async Task A_busy_deployment_grows_and_says_why()
    {
        var ns = await fixture.Cluster.NamespaceAsync();
        await ns.ApplyAsync(Busy("web"));
        await ns.EventuallyOneAsync<V1Deployment>("web", d => d.Status?.ReadyReplicas == 1);

        // Memory counts from the first moment; CPU of a pod that has just started does not.
        await ns.ApplyAsync(Autoscaler("web", "Deployment", "memory"));

        await ns.EventuallyOneAsync<V1Deployment>("web", d => d.Spec.Replicas == 4);
        var hpa = await ns.EventuallyOneAsync<V2HorizontalPodAutoscaler>("web", h => h.Status?.LastScaleTime is not null);
        Assert.Equal((1, 4), (hpa.Status.CurrentReplicas, hpa.Status.DesiredReplicas));
        Assert.Equal(["AbleToScale", "ScalingActive", "ScalingLimited"], hpa.Status.Conditions.Select(c => c.Type));
        Assert.Equal(["SucceededRescale", "ValidMetricFound", "ScaleUpLimit"], hpa.Status.Conditions.Select(c => c.Reason));
        Assert.Equal(1000, hpa.Status.CurrentMetrics[0].Resource.Current.AverageUtilization);
        Assert.Equal("New size: 4; reason: memory resource utilization (percentage of request) above target", (await ns.EventAsync("web", "SuccessfulRescale")).Message);
    }

    [Fact]
    public async Task A_target_that_is_not_there_is_told()
    {
        var ns = await fixture.Cluster.NamespaceAsync();
        await ns.ApplyAsync(Autoscaler("none", "Deployment", "cpu"));

        var hpa = await ns.EventuallyOneAsync<V2HorizontalPodAutoscaler>("none", h => h.Status?.Conditions is { Count: > 0 });

        Assert.Equal(
            ("AbleToScale", "False", "FailedGetScale", "the HPA controller was unable to get the target's current scale: deployments.apps \"none\" not found"),
            (hpa.Status.Conditions[0].Type, hpa.Status.Conditions[0].Status, hpa.Status.Conditions[0].Reason, hpa.Status.Conditions[0].Message));
        await ns.EventAsync("none", "FailedGetScale");
    }

    private static JsonObject Busy(string name)
    {
        var made = Sample.Deployment(name, 1);
        var template = made["spec"]!["template"]!;
        template["metadata"]!["annotations"] = new JsonObject { ["simulation.grainkube.io/memory"] = "104857600" };
        template["spec"]!["containers"]![0]!["resources"] = new JsonObject { ["requests"] = new JsonObject { ["cpu"] = "100m", ["memory"] = "10Mi" } };
        return made;
    }

    private static JsonObject Autoscaler(string name, string kind, string resource) => Sample.Parse($$"""
        {"apiVersion":"autoscaling/v2","kind":"HorizontalPodAutoscaler","metadata":{"name":"{{name}}"},"spec":{
         "scaleTargetRef":{"apiVersion":"apps/v1","kind":"{{kind}}","name":"{{name}}"},"minReplicas":1,"maxReplicas":10,
         "metrics":[{"type":"Resource","resource":{"name":"{{resource}}","target":{"type":"Utilization","averageUtilization":50} } }] } }
        """);
}
