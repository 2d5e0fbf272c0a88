using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Objects;
using GrainKube.Objects.Writes;
using k8s.Models;
using Xunit;

namespace GrainKube.Controllers.Tests.CustomResources;

[Collection(ClusterTests.Name)]
public sealed class CustomResourceLifeTests(ClusterFixture fixture)
{
    private static int count;

    [Fact]
    public async Task A_deleted_definition_takes_its_objects_with_it()
    {
        var (crd, group) = await DefineAsync();
        var ns = await fixture.Cluster.NamespaceAsync();
        var item = await CreateAsync(group, ns.Name, "one", null);
        await fixture.Cluster.PatchAsync(item.Key, """{"metadata":{"finalizers":["example.com/held"]}}""");

        await fixture.Cluster.Objects.DeleteAsync(crd, null, CancellationToken.None);
        await fixture.Cluster.EventuallyAsync<V1CustomResourceDefinition>(o => o.Key == crd, found => found is [var only] && only.As<V1CustomResourceDefinition>().Status.Conditions.Any(c => c.Reason == "InstanceDeletionCheck"));
        await fixture.Cluster.PatchAsync(item.Key, """{"metadata":{"finalizers":null}}""");

        await fixture.Cluster.EventuallyAsync<V1CustomResourceDefinition>(o => o.Key == crd, found => found.Count == 0);
        Assert.Null(await fixture.Cluster.GetAsync(item.Key));
    }

    [Fact]
    public async Task Custom_resources_own_and_are_owned_and_go_with_their_namespace()
    {
        var (crd, group) = await DefineAsync();
        var ns = await fixture.Cluster.NamespaceAsync();
        var owner = await CreateAsync(group, ns.Name, "owner", null);
        var dependent = await CreateAsync(group, ns.Name, "dependent", owner);
        var other = await CreateAsync(group, ns.Name, "other", null);

        await fixture.Cluster.Objects.DeleteAsync(owner.Key, null, CancellationToken.None, propagation: DeletePropagation.Foreground);
        await GoneAsync(dependent.Key);
        await GoneAsync(owner.Key);
        await fixture.Cluster.Objects.DeleteAsync(new ObjectKey("", "namespaces", "", ns.Name), null, CancellationToken.None);
        await GoneAsync(other.Key);
        await fixture.Cluster.EventuallyAsync<V1Namespace>(o => o.Header.Name == ns.Name, found => found.Count == 0);
        await fixture.Cluster.Objects.DeleteAsync(crd, null, CancellationToken.None);
    }

    private async Task GoneAsync(ObjectKey key)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (fixture.Cluster.Objects.Get(key) is not null)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, patience.Token);
        }
    }

    private async Task<(ObjectKey Crd, string Group)> DefineAsync()
    {
        var group = $"life{Interlocked.Increment(ref count)}.example.com";
        var made = await fixture.Cluster.Objects.CreateAsync(
            (JsonObject)JsonNode.Parse($$$"""
                {"apiVersion":"apiextensions.k8s.io/v1","kind":"CustomResourceDefinition","metadata":{"name":"foos.{{{group}}}"},
                 "spec":{"group":"{{{group}}}","scope":"Namespaced","names":{"plural":"foos","kind":"Foo"},
                 "versions":[{"name":"v1","served":true,"storage":true,"schema":{"openAPIV3Schema":{"type":"object","x-kubernetes-preserve-unknown-fields":true} } }] } }
                """)!,
            CancellationToken.None);
        await fixture.Cluster.EventuallyAsync<V1CustomResourceDefinition>(
            o => o.Key == made.Key, found => found is [var only] && only.As<V1CustomResourceDefinition>().Status.Conditions?.Any(c => c is { Type: "Established", Status: "True" }) == true);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (fixture.Cluster.Objects.Cache.TryKind(new GroupResource(group, "foos")) is null)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, patience.Token);
        }

        return (made.Key, group);
    }

    private Task<KubeObject> CreateAsync(string group, string ns, string name, KubeObject? owner)
    {
        var item = (JsonObject)JsonNode.Parse($$$"""{"apiVersion":"{{{group}}}/v1","kind":"Foo","metadata":{"name":"{{{name}}}","namespace":"{{{ns}}}"}}""")!;
        if (owner is not null)
        {
            item["metadata"]!["ownerReferences"] = new JsonArray(new JsonObject
            {
                ["apiVersion"] = $"{group}/v1", ["kind"] = "Foo", ["name"] = owner.Header.Name, ["uid"] = owner.Header.Uid, ["blockOwnerDeletion"] = true,
            });
        }

        return fixture.Cluster.Objects.CreateAsync(item, CancellationToken.None);
    }
}
