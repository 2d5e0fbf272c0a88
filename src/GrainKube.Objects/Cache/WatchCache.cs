using GrainKube.ApiMachinery.Objects;
using GrainKube.Objects.Store;

namespace GrainKube.Objects.Cache;

/// <summary>Every object of every kind on this silo, ready as bytes, kept up by one watch of the store.</summary>
public sealed class WatchCache
{
    /// <summary>The revision up to which every change has been taken in.</summary>
    public long Revision => throw new NotImplementedException();

    /// <summary>The cache of one kind.</summary>
    /// <exception cref="KeyNotFoundException">The kind is not served.</exception>
    public KindCache Kind(GroupResource resource) => throw new NotImplementedException();

    /// <summary>The newest version the cache knows of an object, or null. A guess: call <see cref="WaitUntilCurrentAsync"/> before for a consistent read.</summary>
    public KubeObject? Get(ObjectKey key) => throw new NotImplementedException();

    /// <summary>Completes when every change up to <paramref name="revision"/> has been taken in.</summary>
    public Task WaitForAsync(long revision, CancellationToken cancel) => throw new NotImplementedException();

    /// <summary>The consistent-read barrier: completes when every write acknowledged before this call has been taken in.</summary>
    /// <returns>The revision reached.</returns>
    /// <exception cref="StoreException">The store cannot be asked.</exception>
    public Task<long> WaitUntilCurrentAsync(CancellationToken cancel) => throw new NotImplementedException();
}
