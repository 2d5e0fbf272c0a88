using System.Text.Json;
using GrainKube.Objects.Store;
using Orleans.Storage;

namespace GrainKube.Objects.GrainStorage;

/// <summary>Grain states as JSON in the store, one key each. The etag is the revision of the key.</summary>
internal sealed class ObjectStoreGrainStorage(string name, IObjectStore store, ObjectStoreGrainStorageOptions options) : IGrainStorage
{
    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => ReadStateAsync(stateName, grainId, grainState, CancellationToken.None);

    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => WriteStateAsync(stateName, grainId, grainState, CancellationToken.None);

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => ClearStateAsync(stateName, grainId, grainState, CancellationToken.None);

    public async Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState, CancellationToken cancellationToken)
    {
        var value = await store.GetAsync(Key(stateName, grainId), cancellationToken);
        if (value is null)
        {
            Clear(grainState);
            return;
        }

        grainState.State = JsonSerializer.Deserialize<T>(value.Value.Span, options.Json)!;
        grainState.ETag = StoreETag.Of(value.Revision);
        grainState.RecordExists = true;
    }

    public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState, CancellationToken cancellationToken)
    {
        var key = Key(stateName, grainId);
        var value = JsonSerializer.SerializeToUtf8Bytes(grainState.State, options.Json);
        var commit = await store.CommitAsync(StoreTransaction.Update(key, value, StoreETag.Revision(grainState.ETag)), cancellationToken);
        RefuseStale(commit, key, grainState.ETag);
        grainState.ETag = StoreETag.Of(commit.Revision);
        grainState.RecordExists = true;
    }

    public async Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState, CancellationToken cancellationToken)
    {
        var key = Key(stateName, grainId);
        RefuseStale(await store.CommitAsync(StoreTransaction.Delete(key, StoreETag.Revision(grainState.ETag)), cancellationToken), key, grainState.ETag);
        Clear(grainState);
    }

    private static void Clear<T>(IGrainState<T> grainState)
    {
        grainState.State = Activator.CreateInstance<T>();
        grainState.ETag = null!;
        grainState.RecordExists = false;
    }

    private static void RefuseStale(StoreCommit commit, string key, string? etag)
    {
        if (!commit.Succeeded)
        {
            var stored = commit.Current[0] is { } current ? StoreETag.Of(current.Revision) : null;
            throw new InconsistentStateException($"{key} was changed by another", stored!, etag!);
        }
    }

    private string Key(string stateName, GrainId grainId) =>
        $"{StoreKeys.Root}grains/{StoreKeys.Part(name)}/{StoreKeys.Part(grainId.Type.ToString()!)}/{StoreKeys.Part(grainId.Key.ToString()!)}/{StoreKeys.Part(stateName)}";
}
