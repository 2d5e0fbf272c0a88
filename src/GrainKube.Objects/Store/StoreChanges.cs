namespace GrainKube.Objects.Store;

/// <summary>A batch of changes in order of revision.</summary>
/// <param name="Revision">Every change up to and including this revision has now been delivered.</param>
/// <param name="Items">May be empty.</param>
public sealed record StoreChanges(long Revision, IReadOnlyList<StoreChange> Items);
