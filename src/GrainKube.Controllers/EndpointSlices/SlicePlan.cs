using GrainKube.ApiMachinery.Objects;

namespace GrainKube.Controllers.EndpointSlices;

/// <summary>
/// Puts endpoints into slices with few writes: an endpoint stays where it is, new ones fill slices that are written anyway, then one slice that can hold the rest, then new slices.
/// Pure. The rules are upstream's.
/// </summary>
/// <param name="Changes">Slices to create and to rewrite.</param>
/// <param name="Delete">Slices that are no longer needed.</param>
internal sealed record SlicePlan(IReadOnlyList<SliceChange> Changes, IReadOnlyList<KubeObject> Delete)
{
    /// <param name="groups">All endpoints that there are to be.</param>
    /// <param name="existing">The slices as they are.</param>
    /// <param name="placeholders">Address types that have a slice even without endpoints.</param>
    /// <param name="isStale">A slice whose metadata is not as it should be, and which is rewritten for that alone.</param>
    /// <param name="capacity">Endpoints in a slice, at most.</param>
    public static SlicePlan For(
        IReadOnlyList<SliceGroup> groups,
        IReadOnlyList<SliceContent> existing,
        IReadOnlyCollection<string> placeholders,
        Func<SliceContent, bool> isStale,
        int capacity)
    {
        var byPorts = existing.ToLookup(s => (s.AddressType, s.PortsKey));
        var wanted = new HashSet<(string, string)>();
        var (changes, superfluous) = (new List<SliceChange>(), new List<SliceContent>());
        var kept = new HashSet<string>();
        foreach (var group in groups.Where(g => g.Endpoints.Count > 0))
        {
            var key = (group.AddressType, SlicePort.KeyOf(group.Ports));
            wanted.Add(key);
            var slices = byPorts[key].ToList();
            var packing = new SlicePacking(group, slices, isStale, capacity);
            changes.AddRange(packing.Changes);
            superfluous.AddRange(packing.Empty);
            if (packing.Changes.Count > 0 || slices.Count > packing.Empty.Count)
            {
                kept.Add(group.AddressType);
            }
        }

        superfluous.AddRange(existing.Where(s => !wanted.Contains((s.AddressType, s.PortsKey))));
        foreach (var type in placeholders.Where(t => !kept.Contains(t)))
        {
            KeepPlaceholder(type, changes, superfluous, isStale);
        }

        Reuse(changes, superfluous);
        return new SlicePlan(changes, [.. superfluous.Select(s => s.Item)]);
    }

    /// <summary>An empty slice shows that the service was seen; where there is one already it stays.</summary>
    private static void KeepPlaceholder(string type, List<SliceChange> changes, List<SliceContent> superfluous, Func<SliceContent, bool> isStale)
    {
        var found = superfluous.FirstOrDefault(s => s.AddressType == type && s.Endpoints.Count == 0 && s.PortsKey.Length == 0);
        if (found is null || isStale(found))
        {
            changes.Add(new SliceChange(null, type, [], []));
        }
        else
        {
            superfluous.Remove(found);
        }
    }

    /// <summary>A slice that would be deleted takes the content of one that would be created: one write in place of two.</summary>
    private static void Reuse(List<SliceChange> changes, List<SliceContent> superfluous)
    {
        for (var i = 0; i < changes.Count && superfluous.Count > 0; i++)
        {
            if (changes[i].Existing is null && superfluous.Find(s => s.AddressType == changes[i].AddressType) is { } free)
            {
                superfluous.Remove(free);
                changes[i] = changes[i] with { Existing = free };
            }
        }
    }
}
