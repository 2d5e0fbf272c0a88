using System.Text.Json.Nodes;

namespace GrainKube.Controllers.Revisions;

/// <summary>Where a template stands in a workload's history. Pure.</summary>
/// <param name="Present">The revision that remembers it; null where one is to be made.</param>
/// <param name="Duplicates">Others that remember the same.</param>
/// <param name="Old">The rest, the oldest first.</param>
/// <param name="Number">The number that the present revision is to have: a template that comes back moves to the end of the history.</param>
internal sealed record RevisionPlan(Revision? Present, IReadOnlyList<Revision> Duplicates, IReadOnlyList<Revision> Old, long Number)
{
    public static RevisionPlan For(IEnumerable<Revision> history, JsonNode data)
    {
        var ordered = history.OrderBy(r => r.Number).ThenBy(r => r.Item.Header.CreationTimestamp).ThenBy(r => r.Name, StringComparer.Ordinal).ToList();
        var equal = ordered.Where(r => JsonNode.DeepEquals(r.Data, data)).ToList();
        var old = ordered.Except(equal).ToList();
        var present = equal.LastOrDefault();
        var next = (old.Count == 0 ? 0 : old[^1].Number) + 1;
        return new RevisionPlan(present, [.. equal.SkipLast(1)], old, Math.Max(next, present?.Number ?? 0));
    }

    /// <summary>Revisions beyond the limit that nothing uses, the oldest first.</summary>
    /// <param name="history">Revisions, the oldest first; those in use do not count against the limit.</param>
    /// <param name="isLive">Whether a pod or the workload still needs it.</param>
    /// <param name="limit"><c>spec.revisionHistoryLimit</c>.</param>
    public static IReadOnlyList<Revision> Superfluous(IEnumerable<Revision> history, Func<Revision, bool> isLive, int limit)
    {
        var unused = history.Where(r => !isLive(r)).ToList();
        return unused.GetRange(0, Math.Max(0, unused.Count - limit));
    }
}
