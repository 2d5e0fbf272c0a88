namespace GrainKube.Objects.Store;

/// <summary>A store refused or failed. It crosses silos; the foreign cause is logged where it was caught.</summary>
[GenerateSerializer]
[Alias("GrainKube.StoreException")]
public sealed class StoreException(StoreError error, string message) : Exception(message)
{
    [Id(0)] public StoreError Error { get; } = error;

    /// <summary>The same call may succeed later, and nothing was written by this one.</summary>
    public bool IsTransient => Error is StoreError.Unavailable;
}
