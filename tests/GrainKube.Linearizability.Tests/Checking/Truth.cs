using GrainKube.Linearizability.Tests.History;

namespace GrainKube.Linearizability.Tests.Checking;

/// <summary>What really happened: every change of the store, in order.</summary>
internal sealed class Truth
{
    private readonly Dictionary<string, List<WatchEvent>> byKey;

    public Truth(IEnumerable<WatchEvent> changes)
    {
        Changes = [.. changes];
        byKey = Changes.GroupBy(c => c.Key).ToDictionary(g => g.Key, g => g.ToList());
        ByRevision = Changes.ToDictionary(c => c.Revision);
        ByValue = Changes.Where(c => c.Type != "DELETED").ToLookup(c => c.Value);
    }

    public IReadOnlyList<WatchEvent> Changes { get; }

    public IReadOnlyDictionary<long, WatchEvent> ByRevision { get; }

    public ILookup<string, WatchEvent> ByValue { get; }

    public IEnumerable<string> Keys => byKey.Keys;

    public IReadOnlyList<WatchEvent> Of(string key) => byKey.TryGetValue(key, out var changes) ? changes : [];

    /// <summary>The object at a revision; null where it was absent.</summary>
    public ItemVersion? At(string key, long revision)
    {
        var last = Of(key).LastOrDefault(c => c.Revision <= revision);
        return last.Revision == 0 || last.Type == "DELETED" ? null : new ItemVersion(last.Value, last.Revision);
    }

    /// <summary>The change of the same object before this one; null for its first.</summary>
    public WatchEvent? Before(WatchEvent change)
    {
        var before = Of(change.Key).LastOrDefault(c => c.Revision < change.Revision);
        return before.Revision == 0 ? null : before;
    }

    /// <summary>True where the object was, at some revision of the range, as asked.</summary>
    public bool WasEver(string key, long from, long to, Func<ItemVersion?, bool> asked) =>
        asked(At(key, from)) || Of(key).Any(c => c.Revision > from && c.Revision <= to && asked(At(key, c.Revision)));
}
