using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Definitions;
using GrainKube.ApiMachinery.Objects;
using k8s.Models;
using Xunit;

namespace GrainKube.Controllers.Tests.StorageMigration;

[Collection(ClusterTests.Name)]
public sealed class StorageVersionMigrationTests(ClusterFixture fixture)
{
    private const string Group = "migrated.example.com";
    private const string Schema = """{"openAPIV3Schema":{"type":"object","x-kubernetes-preserve-unknown-fields":true}}""";

    [Fact]
    public async Task A_migration_stores_all_objects_of_a_resource_in_the_version_of_today()
    {
        var objects = fixture.Cluster.Objects;
        var crd = (await objects.CreateAsync(Parse($$"""
            {"apiVersion":"apiextensions.k8s.io/v1","kind":"CustomResourceDefinition","metadata":{"name":"foos.{{Group}}"},
             "spec":{"group":"{{Group}}","scope":"Cluster","names":{"plural":"foos","kind":"Foo"},"versions":[{{Version("v1", stored: true)}},{{Version("v2", stored: false)}}]} }
            """), CancellationToken.None)).Key;
        await StoredAsync("v1");
        var old = await objects.CreateAsync(Parse($$"""{"apiVersion":"{{Group}}/v1","kind":"Foo","metadata":{"name":"old"} }"""), CancellationToken.None);
        await fixture.Cluster.PatchAsync(crd, $$"""{"spec":{"versions":[{{Version("v1", stored: false)}},{{Version("v2", stored: true)}}]} }""");
        await StoredAsync("v2");
        Assert.Equal($"{Group}/v1", objects.Get(old.Key)!.Header.ApiVersion);

        var migration = await objects.CreateAsync(Migration("foos", Group), CancellationToken.None);

        var ended = await EndedAsync(migration.Key);
        Assert.Equal(["Running=False", "Succeeded=True"], ended.Status.Conditions.Select(c => $"{c.Type}={c.Status}"));
        Assert.True(long.Parse(ended.Status.ResourceVersion) >= migration.Revision);
        Assert.Equal($"{Group}/v2", objects.Get(old.Key)!.Header.ApiVersion);
        await objects.DeleteAsync(migration.Key, null, CancellationToken.None);
        await objects.DeleteAsync(crd, null, CancellationToken.None);
    }

    private static string Version(string name, bool stored) => $$"""{"name":"{{name}}","served":true,"storage":{{(stored ? "true" : "false")}},"schema":{{Schema}} }""";

    private static JsonObject Migration(string resource, string group) => Parse(
        $$"""{"apiVersion":"storagemigration.k8s.io/v1","kind":"StorageVersionMigration","metadata":{"name":"{{resource}}"},"spec":{"resource":{"group":"{{group}}","resource":"{{resource}}"} } }""");

    private static JsonObject Parse(string json) => (JsonObject)JsonNode.Parse(json)!;

    private async Task<V1StorageVersionMigration> EndedAsync(ObjectKey key)
    {
        var found = await fixture.Cluster.EventuallyAsync<V1StorageVersionMigration>(
            o => o.Key == key, all => all is [var only] && only.As<V1StorageVersionMigration>().Status?.Conditions?.Any(c => c.Type is "Succeeded" or "Failed") == true);
        return found[0].As<V1StorageVersionMigration>();
    }

    private async Task StoredAsync(string version)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!fixture.Cluster.Service<ResourceRegistry>().TryFind(new GroupResource(Group, "foos"), out var kind) || kind.Versions[0].Version != version)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, patience.Token);
        }
    }
}
