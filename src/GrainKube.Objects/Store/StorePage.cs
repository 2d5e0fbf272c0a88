namespace GrainKube.Objects.Store;

/// <summary>A page of a list.</summary>
/// <param name="Revision">The revision at which the whole list stands; pass it on to get the next page of the same picture.</param>
/// <param name="Items">Entries ordered by key.</param>
/// <param name="HasMore">There are keys after the last one.</param>
/// <param name="Remaining">How many keys follow, where the store knows; otherwise null.</param>
public sealed record StorePage(long Revision, IReadOnlyList<StoreValue> Items, bool HasMore, long? Remaining);
