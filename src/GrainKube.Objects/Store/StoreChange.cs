namespace GrainKube.Objects.Store;

/// <summary>One change of one key.</summary>
/// <param name="Key">The key.</param>
/// <param name="Value">The new value; null where the key was deleted (by a client or by expiry).</param>
/// <param name="Revision">Revision of the change.</param>
/// <param name="CreateRevision">Revision that brought the key into being; 0 for a deletion. Equal to <paramref name="Revision"/> on a creation.</param>
public readonly record struct StoreChange(string Key, ReadOnlyMemory<byte>? Value, long Revision, long CreateRevision)
{
    /// <inheritdoc cref="StoreValue.Damage"/>
    public string? Damage { get; init; }
}
