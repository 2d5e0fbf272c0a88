using System.Text;
using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Admission;
using GrainKube.ApiMachinery.Definitions;
using GrainKube.ApiMachinery.Errors;
using GrainKube.ApiMachinery.Identity;
using GrainKube.ApiMachinery.Objects;
using GrainKube.Objects.Cache;
using GrainKube.Objects.Client;
using GrainKube.Objects.Embedded;
using GrainKube.Objects.Store;
using GrainKube.Objects.Writes;
using GrainKube.Objects.Writes.Parts;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.TestingHost;
using Xunit;

namespace GrainKube.Objects.Tests.World;

/// <summary>Silos in this process on one ephemeral store, with the test kinds.</summary>
public class ObjectWorld : IAsyncLifetime
{
    private static readonly UserInfo Tester = new() { Name = "tester", Groups = ["system:masters"] };
    private InProcessTestCluster cluster = null!;

    /// <summary>The one store, which tests can make fail.</summary>
    internal FaultyStore Store { get; } = new(new EmbeddedObjectStore(new EmbeddedStoreOptions { Ephemeral = true }));

    internal ResourceRegistry Registry { get; } = new([new WidgetDefinition(), new NoteDefinition()]);

    internal RecordingAdmission Admission { get; } = new();

    internal ScriptedPart Part { get; } = new();

    internal WatchCache Cache => Service<WatchCache>();

    internal ObjectClient Client => Service<ObjectClientFactory>().For(Tester);

    protected virtual short Silos => 1;

    public async Task InitializeAsync()
    {
        var builder = new InProcessTestClusterBuilder(Silos);
        builder.ConfigureSilo((_, silo) =>
        {
            silo.Services.AddSingleton<IObjectStore>(_ => new Borrowed(Store));
            silo.Services.AddSingleton(Registry);
            silo.Services.AddSingleton<IMutatingAdmission>(Admission);
            silo.Services.AddSingleton<IValidatingAdmission>(Admission);
            silo.Services.AddSingleton<ITransactionPart>(Part);
            silo.AddObjects();
        });
        builder.ConfigureHost(host => host.Logging.SetMinimumLevel(LogLevel.Warning));
        cluster = builder.Build();
        await cluster.DeployAsync();
    }

    public async Task DisposeAsync()
    {
        await cluster.StopAllSilosAsync();
        await cluster.DisposeAsync();
        await Store.DisposeAsync();
    }

    internal T Service<T>(int silo = 0) where T : notnull => cluster.Silos[silo].ServiceProvider.GetRequiredService<T>();

    internal IObjectGrain Grain(ObjectKey key, int silo = 0) => Service<IGrainFactory>(silo).GetGrain<IObjectGrain>(key.ToString());

    internal SiloAddress AddressOf(int silo) => cluster.Silos[silo].SiloAddress;

    internal string NameOf(int silo) => Service<ILocalSiloDetails>(silo).Name;

    internal static ObjectKey Widget(string name, string ns = "default") => new("test.dev", "widgets", ns, name);

    internal static ObjectKey Note(string name, string ns = "default") => new("", "notes", ns, name);

    internal Task<WriteResult> WriteAsync(ObjectKey key, WriteVerb verb, string body, Func<WriteRequest, WriteRequest>? with = null)
    {
        var request = new WriteRequest { Verb = verb, User = Tester, Body = Encoding.UTF8.GetBytes(body) };
        return Grain(key).WriteAsync(with is null ? request : with(request));
    }

    internal Task<WriteResult> CreateWidgetAsync(string name, string spec = "{}", string metadata = "") => WriteAsync(
        Widget(name), WriteVerb.Create, $$"""{"apiVersion":"test.dev/v1","kind":"Widget","metadata":{"name":"{{name}}"{{metadata}}},"spec":{{spec}}}""");

    internal Task<WriteResult> MergeAsync(ObjectKey key, string patch, string subresource = "") =>
        WriteAsync(key, WriteVerb.Patch, patch, r => r with { PatchType = PatchType.Merge, Subresource = subresource });

    /// <summary>What the store holds now, as a tree; null where nothing.</summary>
    internal async Task<JsonObject?> StoredAsync(ObjectKey key) =>
        await Store.GetAsync(key.StoreKey, CancellationToken.None) is { } value ? (JsonObject)JsonNode.Parse(value.Value.Span)! : null;

    internal static JsonObject Json(WriteResult result) => (JsonObject)JsonNode.Parse(result.Json)!;

    internal static async Task<Status> RefusedAsync(Func<Task> write) => (await Assert.ThrowsAsync<ApiException>(write)).Status;

    /// <summary>The container must not dispose the store that tests still look into.</summary>
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
