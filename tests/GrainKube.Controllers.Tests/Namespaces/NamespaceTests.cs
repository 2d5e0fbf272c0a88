using GrainKube.Testing.Clusters;
using k8s.Models;
using Xunit;

namespace GrainKube.Controllers.Tests.Namespaces;

[Collection(ClusterTests.Name)]
public sealed class NamespaceTests(ClusterFixture fixture)
{
    [Fact]
    public async Task A_new_namespace_gets_its_account_and_the_root_certificate()
    {
        var ns = await fixture.Cluster.NamespaceAsync();

        await ns.EventuallyOneAsync<V1ServiceAccount>("default", _ => true);
        var map = await ns.EventuallyOneAsync<V1ConfigMap>("kube-root-ca.crt", _ => true);
        Assert.Equal(fixture.Cluster.Host.Authority.CertificatePem, map.Data["ca.crt"]);
    }

    [Fact]
    public async Task What_every_namespace_has_comes_back_when_deleted_or_changed()
    {
        var ns = await fixture.Cluster.NamespaceAsync();
        var account = await ns.EventuallyOneAsync<V1ServiceAccount>("default", _ => true);
        await ns.EventuallyOneAsync<V1ConfigMap>("kube-root-ca.crt", _ => true);

        await ns.DeleteAsync<V1ServiceAccount>("default");
        await ns.PatchAsync<V1ConfigMap>("kube-root-ca.crt", """{"data":{"ca.crt":"forged"} }""");

        await ns.EventuallyOneAsync<V1ServiceAccount>("default", a => a.Metadata.Uid != account.Metadata.Uid);
        await ns.EventuallyOneAsync<V1ConfigMap>("kube-root-ca.crt", m => m.Data["ca.crt"] == fixture.Cluster.Host.Authority.CertificatePem);
    }

    [Fact]
    public async Task Deleting_a_namespace_deletes_all_that_is_in_it()
    {
        var ns = await fixture.Cluster.NamespaceAsync();
        await ns.ApplyAsync(Sample.Deployment("web", 2));
        await ns.EventuallyOneAsync<V1Deployment>("web", d => d.Status?.AvailableReplicas == 2);

        await fixture.Cluster.Objects.DeleteAsync(ns.Key<V1Namespace>(ns.Name), null, CancellationToken.None);

        await ns.GoneAsync<V1Namespace>(ns.Name);
        Assert.Empty(fixture.Cluster.Objects.List<V1Pod>(ns.Name));
        Assert.Empty(fixture.Cluster.Objects.List<V1ConfigMap>(ns.Name));
    }

    [Fact]
    public async Task A_namespace_waits_for_finalizers_and_says_so()
    {
        var ns = await fixture.Cluster.NamespaceAsync();
        await ns.ApplyAsync(Sample.ConfigMap("held", "\"finalizers\":[\"test.dev/wait\"]"));

        await fixture.Cluster.Objects.DeleteAsync(ns.Key<V1Namespace>(ns.Name), null, CancellationToken.None);

        var waiting = await ns.EventuallyOneAsync<V1Namespace>(ns.Name, n => n.Status.Conditions?.Any(c => c is { Type: "NamespaceFinalizersRemaining", Status: "True" }) == true
            && n.Status.Conditions.Single(c => c.Type == "NamespaceContentRemaining").Message == "Some resources are remaining: configmaps. has 1 resource instances");
        Assert.Equal("Terminating", waiting.Status.Phase);
        var finalizers = waiting.Status.Conditions.Single(c => c.Type == "NamespaceFinalizersRemaining");
        Assert.Equal("SomeFinalizersRemain", finalizers.Reason);
        Assert.Equal("Some content in the namespace has finalizers remaining: test.dev/wait in 1 resource instances", finalizers.Message);
        Assert.Equal("All content successfully deleted, may be waiting on finalization", waiting.Status.Conditions.Single(c => c.Type == "NamespaceDeletionContentFailure").Message);
        await ns.PatchAsync<V1ConfigMap>("held", """{"metadata":{"finalizers":null} }""");
        await ns.GoneAsync<V1Namespace>(ns.Name);
    }

    [Fact]
    public async Task Pods_of_a_namespace_go_before_all_else()
    {
        var ns = await fixture.Cluster.NamespaceAsync();
        await ns.ApplyAsync(Sample.ConfigMap("guard", "\"labels\":{\"a\":\"b\"}"));
        await ns.ApplyAsync(Sample.Pod("held"));
        await ns.PatchAsync<V1Pod>("held", """{"metadata":{"finalizers":["test.dev/wait"]} }""");

        await fixture.Cluster.Objects.DeleteAsync(ns.Key<V1Namespace>(ns.Name), null, CancellationToken.None);

        await ns.EventuallyOneAsync<V1Namespace>(ns.Name, n => n.Status.Conditions?.Any(c => c is { Type: "NamespaceContentRemaining", Status: "True" }
            && c.Message == "Some resources are remaining: pods. has 1 resource instances") == true);
        Assert.Null(fixture.Cluster.Objects.Get<V1ConfigMap>(ns.Name, "guard")!.Metadata.DeletionTimestamp);
        await ns.PatchAsync<V1Pod>("held", """{"metadata":{"finalizers":null} }""");
        await ns.GoneAsync<V1Namespace>(ns.Name);
    }
}
