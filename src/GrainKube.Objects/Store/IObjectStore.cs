namespace GrainKube.Objects.Store;

/// <summary>
/// A revisioned key-value store: etcd's model, narrowed. Every commit gets the next revision; that revision is the <c>resourceVersion</c> of the objects written by it.
/// </summary>
/// <remarks>
/// Keys are ordinal strings, values are opaque. All methods throw <see cref="StoreException"/>, which says whether a retry may help and whether a write may have happened.
/// Every implementation passes <c>ObjectStoreConformance</c>.
/// </remarks>
public interface IObjectStore : IAsyncDisposable
{
    /// <summary>The newest value of a key, or null where it is absent. Sees every commit acknowledged before the call.</summary>
    Task<StoreValue?> GetAsync(string key, CancellationToken cancel);

    /// <summary>Keys that start with <paramref name="prefix"/>, ordered, at one revision.</summary>
    /// <exception cref="StoreException"><see cref="StoreError.Compacted"/> where <see cref="StoreListOptions.Revision"/> is too old; <see cref="StoreError.FutureRevision"/> where it does not exist yet.</exception>
    Task<StorePage> ListAsync(string prefix, StoreListOptions options, CancellationToken cancel);

    /// <summary>The newest revision of the whole store.</summary>
    Task<long> GetRevisionAsync(CancellationToken cancel);

    /// <summary>Applies all changes if every compare holds, none otherwise; durable when it returns.</summary>
    /// <returns>Whether it was applied, at which revision, and what stood in the way if not.</returns>
    /// <exception cref="StoreException"><see cref="StoreError.OutcomeUnknown"/> where the store could not be asked whether the commit happened.</exception>
    Task<StoreCommit> CommitAsync(StoreTransaction transaction, CancellationToken cancel);

    /// <summary>
    /// Every change to keys under <paramref name="prefix"/> after revision <paramref name="afterRevision"/>, in order, none missed and none twice, across reconnects. Ends only by cancellation or exception.
    /// </summary>
    /// <remarks>A batch never splits a revision. Several batches may follow at once; an empty batch says that the watch has reached its revision.</remarks>
    /// <exception cref="StoreException"><see cref="StoreError.Compacted"/> where changes after the revision were compacted away.</exception>
    IAsyncEnumerable<StoreChanges> WatchAsync(string prefix, long afterRevision, CancellationToken cancel);

    /// <summary>Forgets history up to and including <paramref name="revision"/>: lists and watches from before it fail as compacted. Newest values stay.</summary>
    Task CompactAsync(long revision, CancellationToken cancel);
}
