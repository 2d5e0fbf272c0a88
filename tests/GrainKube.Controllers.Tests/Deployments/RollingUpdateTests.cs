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
        await RolledOutAsync(ns, "web", 3);

        await ns.ApplyAsync(Sample.Deployment("web", 3, "app:2"));

        var done = await RolledOutAsync(ns, "web", 3);
        await ns.EventuallyAsync<V1Pod>("app=web", pods => pods.Count == 3 && pods.All(p => p.Spec.Containers[0].Image == "app:2"));
        var sets = await ns.EventuallyAsync<V1ReplicaSet>("app=web", s => s.Count == 2 && s.Count(r => r.Spec.Replicas == 0) == 1);
        Assert.Equal(["1", "2"], sets.Select(s => s.Metadata.Annotations["deployment.kubernetes.io/revision"]).Order());
        Assert.Equal("2", done.Metadata.Annotations["deployment.kubernetes.io/revision"]);
        Assert.StartsWith("ReplicaSet \"web-", done.Status.Conditions.Single(c => c.Type == "Progressing").Message);
        Assert.StartsWith("Scaled up replica set web-", (await ns.EventAsync("web", "ScalingReplicaSet")).Message);
    }

    [Fact]
    public async Task Going_back_to_an_old_template_uses_its_set_again_with_a_higher_revision()
    {
        var ns = await fixture.Cluster.NamespaceAsync();
        foreach (var image in new[] { "app:1", "app:2", "app:1" })
        {
            await ns.ApplyAsync(Sample.Deployment("web", 2, image));
            await RolledOutAsync(ns, "web", 2);
        }

        var sets = await ns.EventuallyAsync<V1ReplicaSet>("app=web", s => s.Count == 2 && s.Count(r => r.Spec.Replicas == 0) == 1);
        var first = sets.Single(s => s.Spec.Template.Spec.Containers[0].Image == "app:1");
        Assert.Equal(2, first.Spec.Replicas);
        Assert.Equal("3", first.Metadata.Annotations["deployment.kubernetes.io/revision"]);
        Assert.Equal("1", first.Metadata.Annotations["deployment.kubernetes.io/revision-history"]);
        var progressing = (await ns.GetAsync<V1Deployment>("web")).Status.Conditions.Single(c => c.Type == "Progressing");
        Assert.Equal($"ReplicaSet \"{first.Metadata.Name}\" has successfully progressed.", progressing.Message);
    }

    [Fact]
    public async Task Recreate_never_runs_old_and_new_pods_side_by_side()
    {
        var ns = await fixture.Cluster.NamespaceAsync();
        const string recreate = """ "strategy":{"type":"Recreate"} """;
        var mixed = false;
        await ns.ApplyAsync(Sample.Deployment("web", 3, spec: recreate));
        await RolledOutAsync(ns, "web", 3);
        using (fixture.Cluster.Objects.Cache.Kind(new("", "pods")).Subscribe(_ =>
            mixed |= fixture.Cluster.Objects.List<V1Pod>(ns.Name).Select(p => p.As<V1Pod>()).Where(p => p.Status?.Phase == "Running").Select(p => p.Spec.Containers[0].Image).Distinct().Count() > 1))
        {
            await ns.ApplyAsync(Sample.Deployment("web", 3, "app:2", recreate));
            await RolledOutAsync(ns, "web", 3);
        }

        Assert.False(mixed);
        await ns.EventuallyAsync<V1Pod>("app=web", pods => pods.Count == 3 && pods.All(p => p.Spec.Containers[0].Image == "app:2"));
    }

    [Fact]
    public async Task A_paused_deployment_keeps_its_pods_but_still_scales_and_goes_on_when_resumed()
    {
        var ns = await fixture.Cluster.NamespaceAsync();
        await ns.ApplyAsync(Sample.Deployment("web", 2));
        await RolledOutAsync(ns, "web", 2);

        await ns.ApplyAsync(Sample.Deployment("web", 4, "app:2", "\"paused\":true"));

        await ns.EventuallyOneAsync<V1Deployment>("web", d => Reason(d, "Progressing") == "DeploymentPaused" && d.Status?.AvailableReplicas == 4);
        await ns.EventuallyAsync<V1Pod>("app=web", pods => pods.Count == 4 && pods.All(p => p.Spec.Containers[0].Image == "app:1"));
        await ns.PatchAsync<V1Deployment>("web", """{"spec":{"paused":null} }""");
        await RolledOutAsync(ns, "web", 4);
        await ns.EventuallyAsync<V1Pod>("app=web", pods => pods.Count == 4 && pods.All(p => p.Spec.Containers[0].Image == "app:2"));
    }

    [Fact]
    public async Task A_rollout_that_stands_still_exceeds_its_deadline_and_recovers()
    {
        var ns = await fixture.Cluster.NamespaceAsync();
        var broken = Sample.Deployment("web", 1, spec: "\"progressDeadlineSeconds\":1");
        broken["spec"]!["template"]!["spec"]!["nodeSelector"] = Sample.Parse("""{"nowhere":"x"}""");
        await ns.ApplyAsync(broken);

        var late = await ns.EventuallyOneAsync<V1Deployment>("web", d => Reason(d, "Progressing") == "ProgressDeadlineExceeded");
        var progressing = late.Status.Conditions.Single(c => c.Type == "Progressing");
        Assert.Equal("False", progressing.Status);
        Assert.Matches("^ReplicaSet \"web-[a-z0-9]+\" has timed out progressing\\.$", progressing.Message);
        Assert.Equal("MinimumReplicasUnavailable", Reason(late, "Available"));

        await ns.PatchAsync<V1Deployment>("web", """{"spec":{"template":{"spec":{"nodeSelector":null} } } }""");
        await RolledOutAsync(ns, "web", 1);
    }

    [Fact]
    public async Task Only_as_many_old_sets_are_kept_as_the_history_limit_says()
    {
        var ns = await fixture.Cluster.NamespaceAsync();
        for (var version = 1; version <= 4; version++)
        {
            await ns.ApplyAsync(Sample.Deployment("web", 1, $"app:{version}", "\"revisionHistoryLimit\":1"));
            await RolledOutAsync(ns, "web", 1);
        }

        var sets = await ns.EventuallyAsync<V1ReplicaSet>("app=web", s => s.Count == 2);
        Assert.Equal(["app:3", "app:4"], sets.Select(s => s.Spec.Template.Spec.Containers[0].Image).Order());
    }

    [Fact]
    public async Task A_set_that_matches_is_adopted_and_deleting_the_deployment_deletes_everything()
    {
        var ns = await fixture.Cluster.NamespaceAsync();
        await ns.ApplyAsync(Sample.Deployment("web", 2));
        var before = await RolledOutAsync(ns, "web", 2);
        var set = Assert.Single(await ns.EventuallyAsync<V1ReplicaSet>("app=web", s => s.Count == 1));
        await ns.DeleteAsync<V1Deployment>("web", Objects.Writes.DeletePropagation.Orphan);
        await ns.GoneAsync<V1Deployment>("web");
        await ns.EventuallyOneAsync<V1ReplicaSet>(set.Metadata.Name, s => s.Metadata.OwnerReferences is not { Count: > 0 });

        await ns.ApplyAsync(Sample.Deployment("web", 2));
        var after = await RolledOutAsync(ns, "web", 2);

        Assert.NotEqual(before.Metadata.Uid, after.Metadata.Uid);
        var adopted = Assert.Single(await ns.EventuallyAsync<V1ReplicaSet>("app=web", s => s.Count == 1 && s[0].Metadata.OwnerReferences is { Count: 1 }));
        Assert.Equal(set.Metadata.Uid, adopted.Metadata.Uid);
        Assert.Equal(after.Metadata.Uid, adopted.Metadata.OwnerReferences[0].Uid);
        await ns.DeleteAsync<V1Deployment>("web");
        await ns.EventuallyAsync<V1Pod>("app=web", pods => pods.Count == 0);
        await ns.GoneAsync<V1ReplicaSet>(set.Metadata.Name);
    }

    internal static Task<V1Deployment> RolledOutAsync(TestNamespace ns, string name, int replicas) => ns.EventuallyOneAsync<V1Deployment>(
        name,
        d => d.Status is { } s && s.ObservedGeneration == d.Metadata.Generation && s.UpdatedReplicas == replicas && s.Replicas == replicas && s.AvailableReplicas == replicas
            && Reason(d, "Progressing") == "NewReplicaSetAvailable" && Reason(d, "Available") == "MinimumReplicasAvailable");

    internal static string? Reason(V1Deployment deployment, string type) => deployment.Status?.Conditions?.FirstOrDefault(c => c.Type == type)?.Reason;
}
