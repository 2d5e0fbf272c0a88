namespace GrainKube.Objects.Store;

/// <summary>The answer to a transaction.</summary>
/// <param name="Succeeded">All compares held and the changes are durable.</param>
/// <param name="Revision">On success with changes, the revision of the changes; otherwise the store's revision at the time.</param>
/// <param name="Current">On failure: the keys of all compares as they stand, in the order of the compares; null for an absent key.</param>
public sealed record StoreCommit(bool Succeeded, long Revision, IReadOnlyList<StoreValue?> Current);
