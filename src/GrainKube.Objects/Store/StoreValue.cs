namespace GrainKube.Objects.Store;

/// <summary>A key as it stands at some revision.</summary>
/// <param name="Key">The whole key.</param>
/// <param name="Value">What was put; never empty by itself.</param>
/// <param name="CreateRevision">Revision that brought the key into being.</param>
/// <param name="Revision">Revision of its last change.</param>
public sealed record StoreValue(string Key, ReadOnlyMemory<byte> Value, long CreateRevision, long Revision)
{
    /// <summary>Why the value cannot be read, in a list or a watch that goes on without it; null where it can.</summary>
    public string? Damage { get; init; }
}
