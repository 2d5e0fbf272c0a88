using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Definitions;
using GrainKube.ApiMachinery.Objects;
using GrainKube.Objects.Cache;
using GrainKube.Objects.Embedded;
using GrainKube.Objects.Store;
using GrainKube.Objects.Tests.World;
using Microsoft.Extensions.Logging.Abstractions;

namespace GrainKube.Objects.Tests.Cache;

/// <summary>A cache on a real store, without any silo.</summary>
internal sealed class CacheWorld : IAsyncDisposable
{
    private CacheWorld(FaultyStore store, WatchCache cache, ResourceRegistry registry) => (Store, Cache, Registry) = (store, cache, registry);

    public FaultyStore Store { get; }

    public WatchCache Cache { get; }

    public ResourceRegistry Registry { get; }

    public KindCache Widgets => Cache.Kind(WidgetDefinition.Resource);

    public static async Task<CacheWorld> StartAsync(Func<FaultyStore, Task>? before = null, params ResourceDefinition[] kinds)
    {
        var store = new FaultyStore(new EmbeddedObjectStore(new EmbeddedStoreOptions { Ephemeral = true }));
        var registry = new ResourceRegistry(kinds.Length > 0 ? kinds : [new WidgetDefinition(), new NoteDefinition()]);
        if (before is not null)
        {
            await before(store);
        }

        var cache = new WatchCache(store, registry, TimeProvider.System, NullLogger<WatchCache>.Instance);
        await cache.StartAsync(CancellationToken.None);
        return new CacheWorld(store, cache, registry);
    }

    public static byte[] Value(ObjectKey key, string uid, string? owner = null, string? node = null) => StoredJson.Encode(
        (JsonObject)JsonNode.Parse($$"""
            {"apiVersion":"v1","kind":"X","metadata":{"name":"{{key.Name}}","namespace":"{{key.Namespace}}","uid":"{{uid}}"{{(owner is null ? "" : $",\"ownerReferences\":[{{\"uid\":\"{owner}\"}}]")}}},"spec":{"node":"{{node}}"} }
            """)!,
        null);

    public static Task<StoreCommit> PutAsync(IObjectStore store, ObjectKey key, string uid = "u", string? owner = null, string? node = null) =>
        store.CommitAsync(new StoreTransaction([], [StoreWrite.Put(key.StoreKey, Value(key, uid, owner, node))]), CancellationToken.None);

    public static Task<StoreCommit> RemoveAsync(IObjectStore store, ObjectKey key) =>
        store.CommitAsync(new StoreTransaction([], [StoreWrite.Delete(key.StoreKey)]), CancellationToken.None);

    public Task<StoreCommit> PutAsync(ObjectKey key, string uid = "u", string? owner = null, string? node = null) => PutAsync(Store, key, uid, owner, node);

    /// <summary>What the store holds under a kind, as (key, revision).</summary>
    public async Task<List<(string Key, long Revision)>> StoredAsync(GroupResource kind) =>
        [.. (await Store.ListAsync(kind.StorePrefix, default, CancellationToken.None)).Items.Select(v => (v.Key, v.Revision))];

    public async ValueTask DisposeAsync()
    {
        await Cache.DisposeAsync();
        await Store.DisposeAsync();
    }
}
