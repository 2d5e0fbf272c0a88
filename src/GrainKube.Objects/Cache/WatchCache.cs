using System.Collections.Concurrent;
using System.Text.Json;
using GrainKube.ApiMachinery.Definitions;
using GrainKube.ApiMachinery.Objects;
using GrainKube.Objects.Store;
using Microsoft.Extensions.Logging;

namespace GrainKube.Objects.Cache;

/// <summary>Every object of every kind on this silo, ready as bytes, kept up by one watch of the store.</summary>
/// <remarks>
/// The watch covers every key that we write: those below <c>/registry/</c> are objects, all others only move the position. Changes are taken in by one task at a time.
/// </remarks>
public sealed partial class WatchCache : IAsyncDisposable
{
    private const string Everything = "/";
    private const string Objects = "/registry/";
    private const int PageSize = 1000;
    private static readonly TimeSpan HistoryAge = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan MaxPause = TimeSpan.FromSeconds(2);
    private readonly IObjectStore store;
    private readonly ResourceRegistry registry;
    private readonly TimeProvider time;
    private readonly ILogger<WatchCache> log;
    private readonly Action<Exception> logSubscriberFailed;
    private readonly CachePosition position;
    private readonly ConsistentReads reads;
    private readonly SemaphoreSlim turn = new(1);
    private readonly CancellationTokenSource stopping = new();
    private readonly HashSet<KindCache> touched = [];
    private readonly ConcurrentDictionary<ObjectKey, KubeObject> offers = new();
    private volatile Dictionary<GroupResource, KindCache> kinds = [];
    private TaskCompletionSource kindsChanged = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task following = Task.CompletedTask;
    private long lastTrim;

    public WatchCache(IObjectStore store, ResourceRegistry registry, TimeProvider time, ILogger<WatchCache> log)
    {
        (this.store, this.registry, this.time, this.log) = (store, registry, time, log);
        logSubscriberFailed = LogSubscriberFailed;
        position = new CachePosition(time);
        reads = new ConsistentReads(store, position, time);
    }

    /// <summary>The revision up to which every change has been taken in.</summary>
    public long Revision => position.Revision;

    /// <summary>The caches of all kinds.</summary>
    public IReadOnlyCollection<KindCache> Kinds => kinds.Values;

    /// <summary>Raised, on the cache's own task, after the objects of a kind that was registered late were loaded.</summary>
    public event Action<KindCache>? KindLoaded;

    /// <summary>The cache of one kind.</summary>
    /// <exception cref="KeyNotFoundException">The kind is not served, or was registered a moment ago and is not loaded yet.</exception>
    public KindCache Kind(GroupResource resource) =>
        kinds.TryGetValue(resource, out var kind) ? kind : throw new KeyNotFoundException($"{resource} is not served");

    /// <summary>The cache of one kind, or null.</summary>
    public KindCache? TryKind(GroupResource resource) => kinds.GetValueOrDefault(resource);

    /// <summary>The cache of a kind that may have been registered a moment ago: waits for its first load.</summary>
    /// <returns>Null where the kind is not served (any more).</returns>
    public async ValueTask<KindCache?> KindWhenLoadedAsync(GroupResource resource, CancellationToken cancel)
    {
        while (true)
        {
            var change = Volatile.Read(ref kindsChanged);
            if (kinds.TryGetValue(resource, out var kind))
            {
                return kind;
            }

            if (!registry.TryFind(resource, out var definition) || !definition.IsStored)
            {
                return null;
            }

            await change.Task.WaitAsync(cancel);
        }
    }

    /// <summary>The newest version the cache knows of an object, or null. A guess: call <see cref="WaitUntilCurrentAsync"/> before for a consistent read.</summary>
    public KubeObject? Get(ObjectKey key) => kinds.TryGetValue(key.GroupResource, out var kind) ? kind.Get(key.Namespace, key.Name) : null;

    /// <summary>Completes when every change up to <paramref name="revision"/> has been taken in.</summary>
    public Task WaitForAsync(long revision, CancellationToken cancel) => position.WaitForAsync(revision, cancel);

    /// <summary>The consistent-read barrier: completes when every write acknowledged before this call has been taken in.</summary>
    /// <returns>The revision reached.</returns>
    /// <exception cref="StoreException">The store cannot be asked.</exception>
    public Task<long> WaitUntilCurrentAsync(CancellationToken cancel) => reads.WaitUntilCurrentAsync(cancel);

    /// <summary>
    /// The object that a commit of this silo made: the cache's own if it has arrived, otherwise one decoded here that the cache takes over when it does. Either way there is one copy.
    /// </summary>
    internal KubeObject Committed(ObjectKey key, byte[] stored, long revision)
    {
        if (Get(key) is { } arrived && arrived.Revision == revision)
        {
            return arrived;
        }

        var item = StoredJson.Decode(key, stored, revision);
        offers[key] = item;
        if (Revision >= revision)
        {
            offers.TryRemove(KeyValuePair.Create(key, item));
        }

        return item;
    }

    /// <summary>What this silo knows of an object, a commit of its own that has not arrived yet included.</summary>
    internal KubeObject? Newest(ObjectKey key) => offers.TryGetValue(key, out var offered) ? offered : Get(key);

    /// <summary>Loads everything, then follows the store until disposed. Returns when the cache can be read.</summary>
    public async Task StartAsync(CancellationToken cancel)
    {
        registry.Changed += OnRegistryChanged;
        await turn.WaitAsync(cancel);
        try
        {
            await RetryAsync("load", () => LoadAsync(cancel), cancel);
        }
        finally
        {
            turn.Release();
        }

        following = Task.Run(() => FollowAsync(stopping.Token), CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        registry.Changed -= OnRegistryChanged;
        await stopping.CancelAsync();
        await following;
    }

    private async Task FollowAsync(CancellationToken cancel)
    {
        var pause = FirstPause;
        while (!cancel.IsCancellationRequested)
        {
            try
            {
                await foreach (var batch in store.WatchAsync(Everything, position.Revision, cancel))
                {
                    await turn.WaitAsync(cancel);
                    try
                    {
                        Take(batch);
                        pause = FirstPause;
                    }
                    finally
                    {
                        turn.Release();
                    }
                }
            }
            catch (OperationCanceledException) when (cancel.IsCancellationRequested)
            {
                return;
            }
            catch (StoreException compacted) when (compacted.Error == StoreError.Compacted)
            {
                LogRelisting(position.Revision);
                if (!await RetryAsync("relist", () => LoadAsync(cancel), cancel))
                {
                    return;
                }
            }
            catch (Exception failure)
            {
                // Whatever it was: a cache that stands still would lie for ever, one that resumes can only be late.
                LogWatchFailed(failure, position.Revision);
                if (!await PauseAsync(pause, cancel))
                {
                    return;
                }

                pause = Longer(pause);
            }
        }
    }

    /// <summary>Repeats what the store refused, with growing pauses; false where it was cancelled.</summary>
    private async Task<bool> RetryAsync(string what, Func<Task> action, CancellationToken cancel)
    {
        for (var pause = FirstPause; ; pause = Longer(pause))
        {
            try
            {
                await action();
                return true;
            }
            catch (StoreException failure) when (failure.Error is StoreError.Unavailable or StoreError.KeysUnavailable or StoreError.Compacted)
            {
                LogRetrying(failure, what);
                if (!await PauseAsync(pause, cancel))
                {
                    return false;
                }
            }
        }
    }

    private static TimeSpan Longer(TimeSpan pause) => pause * 2 < MaxPause ? pause * 2 : MaxPause;

    private async Task<bool> PauseAsync(TimeSpan pause, CancellationToken cancel)
    {
        try
        {
            await Task.Delay(pause, time, cancel);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private void Take(StoreChanges batch)
    {
        var items = batch.Items;
        for (var i = 0; i < items.Count; i++)
        {
            var item = items[i];
            if (item.Key.StartsWith(Objects, StringComparison.Ordinal)
                && registry.TryParseStoreKey(item.Key, out var definition, out var key)
                && kinds.TryGetValue(definition.GroupResource, out var kind))
            {
                Take(kind, key, item);
                touched.Add(kind);
            }

            if (i + 1 == items.Count || items[i + 1].Revision != item.Revision)
            {
                Publish();
            }
        }

        position.MoveTo(batch.Revision);
        Wake(kinds.Values);
        Trim();
    }

    private void Take(KindCache kind, ObjectKey key, StoreChange item)
    {
        var read = item.Value is { } value ? Decode(key, value, item.Revision, item.Damage) : default;
        kind.SetUnreadable(key, read.Damage);
        if (read.Damage is null)
        {
            kind.Stage(key, read.Item, item.Revision);
        }
    }

    private void Publish()
    {
        // All kinds first: who is told of a change of one kind finds what was committed with it in the others.
        foreach (var kind in touched)
        {
            kind.Publish();
        }

        foreach (var kind in touched)
        {
            kind.Tell(logSubscriberFailed);
            kind.HasNews = true;
        }

        touched.Clear();
    }

    private static void Wake(IEnumerable<KindCache> all)
    {
        foreach (var kind in all)
        {
            if (kind.HasNews)
            {
                kind.HasNews = false;
                kind.Pulse();
            }
        }
    }

    /// <returns>The object, or why it cannot be read. What was known of it before stays then: it is not known to be gone.</returns>
    private (KubeObject? Item, string? Damage) Decode(ObjectKey key, ReadOnlyMemory<byte> value, long revision, string? damage)
    {
        if (!offers.IsEmpty && offers.TryRemove(key, out var offered) && offered.Revision == revision)
        {
            return (offered, null);
        }

        try
        {
            if (damage is null)
            {
                return (StoredJson.Decode(key, value, revision), null);
            }
        }
        catch (JsonException malformed)
        {
            damage = $"unable to decode key \"{key.StoreKey}\": {malformed.Message}";
        }

        LogUnreadable(key, damage);
        return (null, damage);
    }

    private void Trim()
    {
        var now = position.Now;
        if (now - lastTrim < 60_000)
        {
            return;
        }

        lastTrim = now;
        foreach (var late in offers.Where(o => o.Value.Revision <= Revision))
        {
            offers.TryRemove(late); // its change had been decoded a moment before the offer
        }

        foreach (var kind in kinds.Values)
        {
            kind.History.Trim(now - (long)HistoryAge.TotalMilliseconds);
        }
    }

    private void OnRegistryChanged() => _ = Task.Run(
        async () =>
        {
            try
            {
                await turn.WaitAsync(stopping.Token);
                try
                {
                    await RetryAsync("load a new kind", () => LoadChangedKindsAsync(stopping.Token), stopping.Token);
                }
                finally
                {
                    turn.Release();
                }
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                // the silo stops
            }
            catch (StoreException failure)
            {
                LogKindNotLoaded(failure);
            }
        },
        CancellationToken.None);
}
