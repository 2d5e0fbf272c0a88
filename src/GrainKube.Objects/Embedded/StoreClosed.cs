using GrainKube.Objects.Store;

namespace GrainKube.Objects.Embedded;

/// <summary>The answer to calls after the store was disposed.</summary>
internal static class StoreClosed
{
    public static StoreException Exception() => new(StoreError.Unavailable, "the store is closed");
}
