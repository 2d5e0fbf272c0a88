using GrainKube.Testing.Clusters;
using k8s.Models;
using Xunit;

namespace GrainKube.Controllers.Tests.Deployments;

[Collection(ClusterTests.Name)]
public sealed class RollingUpdateTests(ClusterFixture fixture)
{
    [Fact]
    public async Task A_new_image_replaces_all_pods_and_keeps_the_old_set_at_zero()
    {
        var ns = await fixture.Cluster.NamespaceAsync();
        await ns.ApplyAsync(Sample.Deployment("web", 3));
        await ns.EventuallyAsync<V1Deployment>("web", d => d.Status?.AvailableReplicas == 3 && Reason(d, "Progressing") == "NewReplicaSetAvailable");

        await ns.ApplyAsync(Sample.Deployment("web", 3, "app:2"));

        var done = await ns.EventuallyAsync<V1Deployment>("web", d => d.Status?.ObservedGeneration == d.Metadata.Generation && d.Status!.UpdatedReplicas == 3 && d.Status.Replicas == 3 && d.Status.AvailableReplicas == 3);
        await ns.EventuallyAsync<V1Pod>("app=web", pods => pods.Count == 3 && pods.All(p => p.Spec.Containers[0].Image == "app:2"));
        var sets = await ns.EventuallyAsync<V1ReplicaSet>("app=web", s => s.Count == 2 && s.Count(r => r.Spec.Replicas == 0) == 1);
        Assert.Equal(["1", "2"], sets.Select(s => s.Metadata.Annotations["deployment.kubernetes.io/revision"]).Order());
        Assert.Equal("2", done.Metadata.Annotations["deployment.kubernetes.io/revision"]);
    }

    internal static string? Reason(V1Deployment deployment, string type) => deployment.Status?.Conditions?.FirstOrDefault(c => c.Type == type)?.Reason;
}
