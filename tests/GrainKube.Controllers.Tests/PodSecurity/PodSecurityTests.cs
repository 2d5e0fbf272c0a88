using GrainKube.Controllers.Tests.Wire;
using k8s.Models;
using Xunit;

namespace GrainKube.Controllers.Tests.PodSecurity;

[Collection(ClusterTests.Name)]
public sealed class PodSecurityTests(ClusterFixture fixture)
{
    private const string Wrong = "allowPrivilegeEscalation != false (container \"c\" must set securityContext.allowPrivilegeEscalation=false), "
        + "unrestricted capabilities (container \"c\" must set securityContext.capabilities.drop=[\"ALL\"]), "
        + "runAsNonRoot != true (pod or container \"c\" must set securityContext.runAsNonRoot=true), "
        + "seccompProfile (pod or container \"c\" must set securityContext.seccompProfile.type to \"RuntimeDefault\" or \"Localhost\")";

    [Fact]
    public async Task A_namespace_holds_its_pods_to_a_level_and_tells_whoever_makes_others()
    {
        using var client = WireClient.Admin(fixture.Cluster);
        var ns = await fixture.Cluster.NamespaceAsync();
        Assert.Equal(201, (await client.PostAsync($"/api/v1/namespaces/{ns.Name}/pods", Pod("before"))).Code);
        var sharpened = await client.MergeAsync($"/api/v1/namespaces/{ns.Name}", """{"metadata":{"labels":{"pod-security.kubernetes.io/enforce":"restricted"}}}""");
        Assert.Equal(
            [
                $"existing pods in namespace \"{ns.Name}\" violate the new PodSecurity enforce level \"restricted:latest\"",
                "before: allowPrivilegeEscalation != false, unrestricted capabilities, runAsNonRoot != true, seccompProfile",
            ],
            sharpened.Warnings);
        await fixture.Cluster.Objects.Cache.WaitUntilCurrentAsync(CancellationToken.None);

        var refused = await client.PostAsync($"/api/v1/namespaces/{ns.Name}/pods", Pod("web"));
        Assert.Equal((403, $"pods \"web\" is forbidden: violates PodSecurity \"restricted:latest\": {Wrong}"), (refused.Code, refused.Message));
        Assert.Equal(200, (await client.MergeAsync($"/api/v1/namespaces/{ns.Name}/pods/before", """{"metadata":{"labels":{"a":"b"}}}""")).Code);

        var set = await client.PostAsync(
            $"/apis/apps/v1/namespaces/{ns.Name}/replicasets",
            """{"apiVersion":"apps/v1","kind":"ReplicaSet","metadata":{"name":"web"},"spec":{"replicas":1,"selector":{"matchLabels":{"app":"web"}},"template":{"metadata":{"labels":{"app":"web"}},"spec":{"containers":[{"name":"c","image":"i"}]}}}}""");
        Assert.Equal(201, set.Code);
        Assert.Equal([$"would violate PodSecurity \"restricted:latest\": {Wrong}"], set.Warnings);
        await fixture.Cluster.EventuallyAsync<Corev1Event>(
            e => e.Key.Namespace == ns.Name, all => all.Any(e => e.As<Corev1Event>() is { Reason: "FailedCreate" } told && told.Message.Contains("violates PodSecurity \"restricted:latest\"", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_namespace_with_a_level_that_there_is_not_is_invalid()
    {
        using var client = WireClient.Admin(fixture.Cluster);
        var refused = await client.PostAsync("/api/v1/namespaces", """{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"wrong-level","labels":{"pod-security.kubernetes.io/warn":"strict"}}}""");
        Assert.Equal(
            (422, "Namespace \"wrong-level\" is invalid: metadata.labels[pod-security.kubernetes.io/warn]: Invalid value: \"strict\": must be one of privileged, baseline, restricted"),
            (refused.Code, refused.Message));
    }

    private static string Pod(string name) => $$"""{"apiVersion":"v1","kind":"Pod","metadata":{"name":"{{name}}"},"spec":{"containers":[{"name":"c","image":"i"}]} }""";
}
