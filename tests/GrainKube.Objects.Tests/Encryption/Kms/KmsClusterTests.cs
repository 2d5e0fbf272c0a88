using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Objects;
using GrainKube.Objects.Encryption;
using GrainKube.Objects.Store;
using GrainKube.Testing.Clusters;
using k8s.Models;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Xunit;

namespace GrainKube.Objects.Tests.Encryption.Kms;

/// <summary>What a user of a whole cluster sees of its plugin.</summary>
public sealed class KmsClusterTests : IAsyncLifetime
{
    private static readonly ObjectKey Key = new("", "secrets", "default", "hidden");
    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("kmscluster-");
    private readonly TestPlugin plugin;

    private string Config => Path.Combine(directory.FullName, "encryption.yaml");

    private string Plugin => $"kms: {{apiVersion: v2, name: keeper, endpoint: '{plugin.Endpoint}', timeout: 5s}}";

    public KmsClusterTests() => plugin = new TestPlugin(Path.Combine(directory.FullName, "s"));

    [Fact]
    public async Task A_cluster_says_that_its_plugin_is_away_and_goes_on_when_it_comes()
    {
        await using (var cluster = await StartAsync())
        {
            using var http = cluster.NewHttpClient();
            Assert.Equal(HttpStatusCode.InternalServerError, (await http.GetAsync("/readyz/kms-providers")).StatusCode);
            Assert.Contains("[-]kms-providers failed: reason withheld", await http.GetStringOfAsync("/healthz"), StringComparison.Ordinal);
            Assert.Equal("ok", await http.GetStringOfAsync("/livez"));
            Assert.Equal(HttpStatusCode.NotFound, (await http.GetAsync("/livez/kms-providers")).StatusCode);

            using var refused = await http.PostAsync("/api/v1/namespaces/default/secrets", new StringContent(Secret().ToJsonString(), Encoding.UTF8, "application/json"));
            Assert.Equal(HttpStatusCode.InternalServerError, refused.StatusCode);
            Assert.StartsWith(
                "Internal error occurred: unable to encrypt key \"/registry/secrets/default/hidden\": KMS provider keeper has given no key yet: failed to perform status section",
                (string?)JsonNode.Parse(await refused.Content.ReadAsStringAsync())!["message"], StringComparison.Ordinal);

            await plugin.StartAsync();
            await UntilAsync(async () => (await http.GetAsync("/readyz/kms-providers")).StatusCode == HttpStatusCode.OK);
            await cluster.ApplyAsync(Secret());
        }

        // Whoever starts without knowing the keys waits for them, and does not take what it cannot read for absent.
        plugin.Hangs = true;
        var starting = StartAsync();
        await UntilAsync(() => Task.FromResult(plugin.Decrypts > 0));
        Assert.False(starting.IsCompleted);
        plugin.Hangs = false;
        await using var again = await starting;
        Assert.Equal("hush", Encoding.UTF8.GetString((await again.GetAsync(Key))!.As<V1Secret>().Data["a"]));

        // A value that somebody spoiled is told of whoever asks for it, and hinders nobody else.
        var encrypted = again.Service<IObjectStore>();
        await encrypted.CommitAsync(new StoreTransaction([], [StoreWrite.Put("/registry/configmaps/default/spoiled", "k8s:enc:kms:v2:keeper:spoiled"u8.ToArray())]), CancellationToken.None);
        using var client = again.NewHttpClient();
        const string Why = "Internal error occurred: unable to transform key \\\"/registry/configmaps/default/spoiled\\\": ";
        Assert.Contains(Why, await client.GetStringOfAsync("/api/v1/namespaces/default/configmaps/spoiled"), StringComparison.Ordinal);
        Assert.Contains(Why, await client.GetStringOfAsync("/api/v1/configmaps"), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/api/v1/namespaces/kube-system/configmaps")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/api/v1/secrets")).StatusCode);
        var place = new ObjectKey("", "namespaces", "", "spoiled");
        await again.ApplyAsync(Sample.Parse("""{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"spoiled"} }"""));
        await encrypted.CommitAsync(new StoreTransaction([], [StoreWrite.Put("/registry/configmaps/spoiled/m", "k8s:enc:kms:v2:keeper:spoiled"u8.ToArray())]), CancellationToken.None);
        await again.Objects.DeleteAsync(place, null, CancellationToken.None);
        await again.EventuallyAsync<V1Namespace>(
            o => o.Key == place,
            found => found.Count == 1 && found[0].As<V1Namespace>().Status?.Conditions?.Any(c =>
                c is { Type: "NamespaceDeletionContentFailure", Status: "True" } && c.Message.Contains("unable to transform key \"/registry/configmaps/spoiled/m\"", StringComparison.Ordinal)) == true);
        await encrypted.CommitAsync(new StoreTransaction([], [StoreWrite.Delete("/registry/configmaps/default/spoiled")]), CancellationToken.None);
        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync("/api/v1/namespaces/default/configmaps/spoiled")).StatusCode);

        // Away from the plugin, without a restart: a write that changes nothing is a write, this once.
        await WriteAsync($"aesgcm: {{keys: [{{name: one, secret: {Keys.One}}}]}}", Plugin);
        await again.Host.Services.GetServices<IHostedService>().OfType<EncryptionReload>().Single().LookAsync(CancellationToken.None);
        var before = (await again.GetAsync(Key))!.Revision;
        await again.ApplyAsync(Secret());
        var after = (await again.GetAsync(Key))!.Revision;
        Assert.True(after > before);
        await again.ApplyAsync(Secret());
        Assert.Equal(after, (await again.GetAsync(Key))!.Revision);
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await plugin.DisposeAsync();
        directory.Delete(recursive: true);
    }

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!await condition())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, patience.Token);
        }
    }

    private static JsonObject Secret() => Sample.Parse("""{"apiVersion":"v1","kind":"Secret","metadata":{"name":"hidden","namespace":"default"},"data":{"a":"aHVzaA=="} }""");

    private async Task<GrainKubeCluster> StartAsync()
    {
        await WriteAsync(Plugin, "identity: {}");
        return await GrainKubeCluster.StartAsync(options => options with { DataDirectory = Path.Combine(directory.FullName, "data"), EncryptionConfig = Config, EncryptionReload = true, NoNode = true });
    }

    private Task WriteAsync(params string[] providers) => File.WriteAllTextAsync(Config, Keys.Yaml("secrets", providers));
}

internal static class Answers
{
    /// <summary>The text, whatever the code.</summary>
    public static async Task<string> GetStringOfAsync(this HttpClient http, string path)
    {
        using var answer = await http.GetAsync(path);
        return await answer.Content.ReadAsStringAsync();
    }
}
