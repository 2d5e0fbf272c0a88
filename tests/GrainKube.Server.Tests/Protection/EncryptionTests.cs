using System.Text;
using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Objects;
using GrainKube.Objects.Embedded;
using GrainKube.Testing.Clusters;
using k8s.Models;

namespace GrainKube.Server.Tests.Protection;

public sealed class EncryptionTests : IDisposable
{
    private static readonly ObjectKey Key = new("", "secrets", "default", "hidden");
    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("encryption-");

    [Fact]
    public async Task Secrets_lie_encrypted_and_are_encrypted_anew_when_the_key_changes()
    {
        await using (var cluster = await StartAsync("{name: one, secret: MDEyMzQ1Njc4OWFiY2RlZg==}"))
        {
            await cluster.ApplyAsync(Secret());
            Assert.Equal("hush", Text(await cluster.GetAsync(Key)));
        }

        Assert.StartsWith("k8s:enc:aesgcm:v1:one:", await RawAsync(), StringComparison.Ordinal);
        await using (var cluster = await StartAsync("{name: two, secret: ZmVkY2JhOTg3NjU0MzIxMA==}, {name: one, secret: MDEyMzQ1Njc4OWFiY2RlZg==}"))
        {
            var before = (await cluster.GetAsync(Key))!;
            Assert.Equal("hush", Text(before));

            // A write that changes nothing is a write, this once.
            await cluster.ApplyAsync(Secret());
            var after = (await cluster.GetAsync(Key))!;
            Assert.True(after.Revision > before.Revision);
            await cluster.ApplyAsync(Secret());
            Assert.Equal(after.Revision, (await cluster.GetAsync(Key))!.Revision);
        }

        Assert.StartsWith("k8s:enc:aesgcm:v1:two:", await RawAsync(), StringComparison.Ordinal);
    }

    public void Dispose() => directory.Delete(recursive: true);

    private static string Text(KubeObject? item) => Encoding.UTF8.GetString(item!.As<V1Secret>().Data["a"]);

    private static JsonObject Secret() => Sample.Parse("""{"apiVersion":"v1","kind":"Secret","metadata":{"name":"hidden","namespace":"default"},"data":{"a":"aHVzaA=="} }""");

    private async Task<GrainKubeCluster> StartAsync(string keys)
    {
        var file = Path.Combine(directory.FullName, "encryption.yaml");
        await File.WriteAllTextAsync(file, $$"""
            apiVersion: apiserver.config.k8s.io/v1
            kind: EncryptionConfiguration
            resources:
            - resources: [secrets]
              providers:
              - aesgcm: {keys: [{{keys}}]}
              - identity: {}
            """);
        return await GrainKubeCluster.StartAsync(options => options with { DataDirectory = Path.Combine(directory.FullName, "data"), EncryptionConfig = file, NoNode = true });
    }

    private async Task<string> RawAsync()
    {
        await using var store = new EmbeddedObjectStore(new EmbeddedStoreOptions { Path = Path.Combine(directory.FullName, "data", "store.db") });
        return Encoding.Latin1.GetString((await store.GetAsync("/registry/secrets/default/hidden", CancellationToken.None))!.Value.Span);
    }
}
