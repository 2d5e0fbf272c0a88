using System.Text.Json.Nodes;
using GrainKube.Testing.Clusters;
using k8s.Models;
using Xunit;

namespace GrainKube.Controllers.Tests.StatefulSets;

[Collection(ClusterTests.Name)]
public sealed class StatefulClaimTests(ClusterFixture fixture)
{
    [Fact]
    public async Task Every_pod_has_a_claim_that_outlives_it()
    {
        var ns = await fixture.Cluster.NamespaceAsync();
        var set = StatefulSamples.Set("web", 2, spec: Parallel + StatefulSamples.DataClaim);
        set["spec"]!["template"]!["spec"]!["containers"]![0]!["volumeMounts"] = new JsonArray(new JsonObject { ["name"] = "data", ["mountPath"] = "/data" });
        await ns.ApplyAsync(set);

        var pods = await ns.EventuallyAsync<V1Pod>("app=web", p => p.Count == 2);
        Assert.All(pods, p => Assert.Contains(p.Spec.Volumes, v => v.Name == "data" && v.PersistentVolumeClaim.ClaimName == $"data-{p.Metadata.Name}"));
        var claims = await ns.EventuallyAsync<V1PersistentVolumeClaim>("app=web", c => c.Count == 2);
        Assert.All(claims, c => Assert.Equal("db", c.Metadata.Labels["tier"]));
        Assert.All(claims, c => Assert.Null(c.Metadata.OwnerReferences));
        Assert.Contains(await ns.EventuallyAsync<Corev1Event>("", e => e.Count > 0), e => e.Message == "create Claim data-web-0 Pod web-0 in StatefulSet web success");

        await ns.DeleteAsync<V1StatefulSet>("web");
        await ns.EventuallyAsync<V1Pod>("app=web", p => p.Count == 0);
        Assert.Equal(2, (await ns.EventuallyAsync<V1PersistentVolumeClaim>("app=web", _ => true)).Count);
    }

    [Fact]
    public async Task The_retention_policy_says_what_a_claim_goes_with()
    {
        var ns = await fixture.Cluster.NamespaceAsync();
        const string delete = """ "persistentVolumeClaimRetentionPolicy":{"whenDeleted":"Delete","whenScaled":"Delete"}, """;
        await ns.ApplyAsync(StatefulSamples.Set("web", 2, spec: Parallel + delete + StatefulSamples.DataClaim));
        await ns.EventuallyAsync<V1PersistentVolumeClaim>("app=web", c => c.Count == 2 && c.All(o => o.Metadata.OwnerReferences is [{ Kind: "StatefulSet", Name: "web" }]));

        await ns.PatchAsync<V1StatefulSet>("web", """{"spec":{"replicas":1} }""");
        await FinishClaimAsync(ns, "data-web-1");
        await ns.EventuallyAsync<V1Pod>("app=web", p => p is [{ Metadata.Name: "web-0" }]);

        await ns.PatchAsync<V1StatefulSet>("web", """{"spec":{"replicas":2} }""");
        await ns.EventuallyAsync<V1PersistentVolumeClaim>("app=web", c => c.Count == 2 && c.All(o => o.Metadata.OwnerReferences is [{ Kind: "StatefulSet" }]));

        await ns.PatchAsync<V1StatefulSet>("web", """{"spec":{"persistentVolumeClaimRetentionPolicy":{"whenDeleted":"Retain"} } }""");
        await ns.EventuallyAsync<V1PersistentVolumeClaim>("app=web", c => c.All(o => o.Metadata.OwnerReferences is not { Count: > 0 }));
    }

    private const string Parallel = """ "podManagementPolicy":"Parallel", """;

    private static Task FinishClaimAsync(TestNamespace ns, string claim) => ns.GoneAsync<V1PersistentVolumeClaim>(claim);
}
