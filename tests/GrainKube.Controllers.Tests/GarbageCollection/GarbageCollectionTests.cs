using GrainKube.Objects.Writes;
using GrainKube.Testing.Clusters;
using k8s.Models;
using Xunit;

namespace GrainKube.Controllers.Tests.GarbageCollection;

[Collection(ClusterTests.Name)]
public sealed class GarbageCollectionTests(ClusterFixture fixture)
{
    [Fact]
    public async Task Background_deletion_takes_dependents_after_the_owner()
    {
        var ns = await fixture.Cluster.NamespaceAsync();
        var owner = await ns.ApplyAsync(Sample.ConfigMap("owner"));
        await ns.ApplyAsync(Sample.ConfigMap("child", OwnedBy("ConfigMap", "owner", owner.Header.Uid)));

        await ns.DeleteAsync<V1ConfigMap>("owner", DeletePropagation.Background);

        await ns.GoneAsync<V1ConfigMap>("child");
    }

    [Fact]
    public async Task Foreground_deletion_keeps_the_owner_until_its_dependents_are_gone()
    {
        var ns = await fixture.Cluster.NamespaceAsync();
        var owner = await ns.ApplyAsync(Sample.ConfigMap("owner"));
        await ns.ApplyAsync(Sample.ConfigMap("child", "\"finalizers\":[\"test.dev/wait\"]," + OwnedBy("ConfigMap", "owner", owner.Header.Uid, blocks: true)));

        await ns.DeleteAsync<V1ConfigMap>("owner", DeletePropagation.Foreground);

        await ns.EventuallyOneAsync<V1ConfigMap>("child", c => c.Metadata.DeletionTimestamp is not null);
        var waiting = await ns.GetAsync<V1ConfigMap>("owner");
        Assert.Equal(["foregroundDeletion"], waiting.Metadata.Finalizers);
        await ns.PatchAsync<V1ConfigMap>("child", """{"metadata":{"finalizers":null} }""");
        await ns.GoneAsync<V1ConfigMap>("child");
        await ns.GoneAsync<V1ConfigMap>("owner");
    }

    [Fact]
    public async Task Foreground_deletion_of_owners_in_a_circle_ends()
    {
        var ns = await fixture.Cluster.NamespaceAsync();
        string[] names = ["one", "two", "three"];
        var uids = new Dictionary<string, string>();
        foreach (var name in names)
        {
            uids[name] = (await ns.ApplyAsync(Sample.ConfigMap(name))).Header.Uid;
        }

        for (var i = 0; i < names.Length; i++)
        {
            var owner = names[(i + 2) % names.Length];
            await ns.PatchAsync<V1ConfigMap>(names[i], "{\"metadata\":{" + OwnedBy("ConfigMap", owner, uids[owner], blocks: true) + "} }");
        }

        await ns.DeleteAsync<V1ConfigMap>("one", DeletePropagation.Foreground);

        foreach (var name in names)
        {
            await ns.GoneAsync<V1ConfigMap>(name);
        }
    }

    [Fact]
    public async Task Foreground_deletion_ends_when_a_dependent_gives_up_its_reference()
    {
        var ns = await fixture.Cluster.NamespaceAsync();
        var owner = await ns.ApplyAsync(Sample.ConfigMap("owner"));
        await ns.ApplyAsync(Sample.ConfigMap("child", "\"finalizers\":[\"test.dev/wait\"]," + OwnedBy("ConfigMap", "owner", owner.Header.Uid, blocks: true)));
        await ns.DeleteAsync<V1ConfigMap>("owner", DeletePropagation.Foreground);
        await ns.EventuallyOneAsync<V1ConfigMap>("child", c => c.Metadata.DeletionTimestamp is not null);

        await ns.PatchAsync<V1ConfigMap>("child", """{"metadata":{"ownerReferences":null} }""");

        await ns.GoneAsync<V1ConfigMap>("owner");
        await ns.PatchAsync<V1ConfigMap>("child", """{"metadata":{"finalizers":null} }""");
    }

    [Fact]
    public async Task Foreground_deletion_of_a_deployment_goes_down_to_its_pods()
    {
        var ns = await fixture.Cluster.NamespaceAsync();
        await ns.ApplyAsync(Sample.Deployment("web", 3));
        await ns.EventuallyOneAsync<V1Deployment>("web", d => d.Status?.AvailableReplicas == 3);

        await ns.DeleteAsync<V1Deployment>("web", DeletePropagation.Foreground);

        await ns.GoneAsync<V1Deployment>("web");
        Assert.Empty(fixture.Cluster.Objects.List<V1Pod>(ns.Name));
        Assert.Empty(fixture.Cluster.Objects.List<V1ReplicaSet>(ns.Name));
    }

    [Fact]
    public async Task Orphan_deletion_leaves_running_pods_without_their_owner()
    {
        var ns = await fixture.Cluster.NamespaceAsync();
        await ns.ApplyAsync(Sample.ReplicaSet("web", 3));
        var before = await ns.EventuallyAsync<V1Pod>("app=web", pods => pods.Count == 3);

        // At once: the pods' statuses still change under the collector's hands.
        await ns.DeleteAsync<V1ReplicaSet>("web", DeletePropagation.Orphan);

        await ns.GoneAsync<V1ReplicaSet>("web");
        var left = await ns.EventuallyAsync<V1Pod>("app=web", pods => pods.All(p => p.Metadata.OwnerReferences is not { Count: > 0 }));
        Assert.Equal(before.Select(p => p.Metadata.Uid).Order(), left.Select(p => p.Metadata.Uid).Order());
    }

    [Fact]
    public async Task An_object_with_one_owner_left_stays_and_loses_the_dead_reference()
    {
        var ns = await fixture.Cluster.NamespaceAsync();
        var (one, two) = (await ns.ApplyAsync(Sample.ConfigMap("one")), await ns.ApplyAsync(Sample.ConfigMap("two")));
        var references = OwnedBy("ConfigMap", "one", one.Header.Uid)[..^1] + "," + OwnedBy("ConfigMap", "two", two.Header.Uid)["\"ownerReferences\":[".Length..];
        await ns.ApplyAsync(Sample.ConfigMap("child", references));

        await ns.DeleteAsync<V1ConfigMap>("one");

        await ns.EventuallyOneAsync<V1ConfigMap>("child", c => c.Metadata.OwnerReferences is [{ Name: "two" }]);
    }

    [Fact]
    public async Task An_owner_in_another_namespace_is_no_owner()
    {
        var (here, there) = (await fixture.Cluster.NamespaceAsync(), await fixture.Cluster.NamespaceAsync());
        var foreign = await there.ApplyAsync(Sample.ConfigMap("owner"));

        await here.ApplyAsync(Sample.ConfigMap("child", OwnedBy("ConfigMap", "owner", foreign.Header.Uid)));

        await here.GoneAsync<V1ConfigMap>("child");
    }

    [Fact]
    public async Task A_cluster_scoped_object_is_not_collected_because_of_a_namespaced_owner()
    {
        var ns = await fixture.Cluster.NamespaceAsync();
        var name = $"class-{ns.Name}";
        await fixture.Cluster.ApplyAsync(Sample.Parse(
            $$"""{"apiVersion":"scheduling.k8s.io/v1","kind":"PriorityClass","metadata":{"name":"{{name}}",{{OwnedBy("ConfigMap", "gone", "no-such-uid")}} },"value":5}"""));
        await ns.ApplyAsync(Sample.ConfigMap("marker", OwnedBy("ConfigMap", "gone", "no-such-uid")));

        await ns.GoneAsync<V1ConfigMap>("marker");

        Assert.NotNull(await fixture.Cluster.GetAsync(fixture.Cluster.Objects.KeyOf<V1PriorityClass>("", name)));
    }

    [Fact]
    public async Task A_dependent_of_a_cluster_scoped_owner_is_collected()
    {
        var ns = await fixture.Cluster.NamespaceAsync();
        var name = $"class-{ns.Name}";
        var owner = await fixture.Cluster.ApplyAsync(Sample.Parse(
            $$"""{"apiVersion":"scheduling.k8s.io/v1","kind":"PriorityClass","metadata":{"name":"{{name}}"},"value":5}"""));
        await ns.ApplyAsync(Sample.ConfigMap("child", OwnedBy("PriorityClass", name, owner.Header.Uid, version: "scheduling.k8s.io/v1")));

        await fixture.Cluster.Objects.DeleteAsync(owner.Key, null, CancellationToken.None);

        await ns.GoneAsync<V1ConfigMap>("child");
    }

    private static string OwnedBy(string kind, string name, string uid, bool blocks = false, string version = "v1") =>
        $$""" "ownerReferences":[{"apiVersion":"{{version}}","kind":"{{kind}}","name":"{{name}}","uid":"{{uid}}","blockOwnerDeletion":{{(blocks ? "true" : "false")}}}]""".Trim();
}
