using System.Text;
using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Definitions;
using GrainKube.ApiMachinery.Errors;
using GrainKube.ApiMachinery.Identity;
using GrainKube.ApiMachinery.Objects;
using GrainKube.Networking.Addresses;
using GrainKube.Objects;
using GrainKube.Objects.Client;
using GrainKube.Objects.Embedded;
using GrainKube.Objects.Store;
using GrainKube.Objects.Writes;
using GrainKube.Resources;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.TestingHost;

namespace GrainKube.Networking.Tests.Addresses;

/// <summary>Two silos on one store that allocate service addresses; no controllers, no gateway. The range is small.</summary>
public sealed class AddressWorld : IAsyncLifetime
{
    public const string Range = "10.50.0.0/26";
    private static readonly UserInfo Tester = new() { Name = "tester", Groups = ["system:masters"] };
    private readonly EmbeddedObjectStore store = new(new EmbeddedStoreOptions { Ephemeral = true });
    private InProcessTestCluster cluster = null!;
    private int names;

    internal IObjectStore Store => store;

    internal ObjectClient Client(int silo = 0) => cluster.Silos[silo].ServiceProvider.GetRequiredService<ObjectClientFactory>().For(Tester);

    public async Task InitializeAsync()
    {
        var builder = new InProcessTestClusterBuilder(2);
        builder.ConfigureSilo((_, silo) =>
        {
            silo.Services.AddSingleton<IObjectStore>(_ => new Borrowed(store));
            silo.Services.AddSingleton(_ => new ResourceRegistry(BuiltInResources.All));
            silo.Services.AddServiceAddresses(o => o.ServiceCidr = Range);
            silo.AddObjects();
            silo.AddMemoryGrainStorage("Default");
            silo.UseInMemoryReminderService();
        });
        builder.ConfigureHost(host => host.Logging.SetMinimumLevel(LogLevel.Warning));
        cluster = builder.Build();
        await cluster.DeployAsync();
        await cluster.Silos[0].ServiceProvider.GetRequiredService<DefaultServiceCidr>().EnsureAsync(Client(), CancellationToken.None);
        await Client(1).Cache.WaitUntilCurrentAsync(CancellationToken.None);
    }

    public async Task DisposeAsync()
    {
        await cluster.StopAllSilosAsync();
        await cluster.DisposeAsync();
        await store.DisposeAsync();
    }

    internal string NewName() => $"s{Interlocked.Increment(ref names)}";

    internal static ObjectKey Key(string name) => new("", "services", "default", name);

    /// <param name="spec">JSON; ports and selector are filled in where there are none.</param>
    /// <param name="silo">Whose grain.</param>
    /// <param name="name">Drawn where null.</param>
    internal async Task<JsonObject> CreateAsync(string spec = "{}", int silo = 0, string? name = null)
    {
        var item = (JsonObject)JsonNode.Parse(spec)!;
        if ((string?)item["type"] != "ExternalName")
        {
            item["ports"] ??= JsonNode.Parse("""[{"port":80}]""");
        }

        item["selector"] ??= JsonNode.Parse("""{"app":"web"}""");
        return (await Client(silo).CreateAsync(
            new JsonObject { ["apiVersion"] = "v1", ["kind"] = "Service", ["metadata"] = new JsonObject { ["name"] = name ?? NewName(), ["namespace"] = "default" }, ["spec"] = item },
            CancellationToken.None)).ToNode();
    }

    internal async Task<JsonObject> PatchAsync(JsonObject service, string patch, int silo = 0) =>
        (await Client(silo).PatchAsync(Key(Name(service)), (JsonObject)JsonNode.Parse(patch)!, "", null, CancellationToken.None)).ToNode();

    internal Task DeleteAsync(JsonObject service, int silo = 0) => Client(silo).DeleteAsync(Key(Name(service)), null, CancellationToken.None);

    internal async Task<JsonObject?> StoredAsync(string storeKey) =>
        await store.GetAsync(storeKey, CancellationToken.None) is { } value ? (JsonObject)JsonNode.Parse(value.Value.Span)! : null;

    internal Task<JsonObject?> AddressAsync(string address) => StoredAsync($"/registry/networking.k8s.io/ipaddresses/{address}");

    internal async Task<bool> IsPortTakenAsync(int port) => await StoredAsync(NodePorts.KeyOf(port)) is not null;

    internal Task<WriteResult> SendAsync(ObjectKey key, WriteRequest request) =>
        cluster.Silos[0].ServiceProvider.GetRequiredService<IGrainFactory>().GetGrain<IObjectGrain>(key.ToString()).WriteAsync(request with { User = Tester });

    internal static string Name(JsonObject service) => (string)service["metadata"]!["name"]!;

    internal static string Ip(JsonObject service) => (string?)service["spec"]!["clusterIP"] ?? "";

    internal static int Port(JsonObject service, int index = 0) => (int?)service["spec"]!["ports"]![index]!["nodePort"] ?? 0;

    internal static async Task<Status> RefusedAsync(Func<Task> write) => (await Assert.ThrowsAsync<ApiException>(write)).Status;

    internal static WriteRequest Create(string body) => new() { Verb = WriteVerb.Create, User = Tester, Body = Encoding.UTF8.GetBytes(body) };

    private sealed class Borrowed(IObjectStore store) : IObjectStore
    {
        public Task<StoreValue?> GetAsync(string key, CancellationToken cancel) => store.GetAsync(key, cancel);
        public Task<StorePage> ListAsync(string prefix, StoreListOptions options, CancellationToken cancel) => store.ListAsync(prefix, options, cancel);
        public Task<long> GetRevisionAsync(CancellationToken cancel) => store.GetRevisionAsync(cancel);
        public Task<StoreCommit> CommitAsync(StoreTransaction transaction, CancellationToken cancel) => store.CommitAsync(transaction, cancel);
        public IAsyncEnumerable<StoreChanges> WatchAsync(string prefix, long afterRevision, CancellationToken cancel) => store.WatchAsync(prefix, afterRevision, cancel);
        public Task CompactAsync(long revision, CancellationToken cancel) => store.CompactAsync(revision, cancel);
        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
