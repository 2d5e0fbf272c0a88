namespace GrainKube.Objects.Store;

/// <summary>A condition on a key.</summary>
/// <param name="Key">The key.</param>
/// <param name="Revision">Revision of its last change; 0 means it must be absent.</param>
public readonly record struct StoreCompare(string Key, long Revision);
