using GrainKube.ApiMachinery.Definitions;
using GrainKube.ApiMachinery.Objects;
using GrainKube.Objects.Cache;

namespace GrainKube.Controllers.Ownership;

/// <summary>Wakes every possible owner when an object without a controller appears or changes its labels.</summary>
internal static class Orphans
{
    public static Func<ObjectChange, IEnumerable<ObjectKey>> Wake<TOwner>(WatchCache cache, ResourceRegistry registry) where TOwner : class
    {
        var owners = registry.Find(typeof(TOwner)).GroupResource;
        return change => change.After is { Header: { Controller: null, DeletionTimestamp: null } } orphan && IsNews(change)
            ? cache.Kind(owners).Snapshot.In(orphan.Key.Namespace).Select(o => o.Key)
            : [];
    }

    private static bool IsNews(ObjectChange change) =>
        change.Before is null || change.Before.Header.Controller is not null || !Same(change.Before.Header.Labels, change.After!.Header.Labels);

    private static bool Same(IReadOnlyDictionary<string, string> one, IReadOnlyDictionary<string, string> other) =>
        one.Count == other.Count && one.All(l => other.TryGetValue(l.Key, out var value) && value == l.Value);
}
