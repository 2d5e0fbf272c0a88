using GrainKube.ApiMachinery.Definitions;

namespace GrainKube.ApiServer.Discovery;

/// <summary>A group with its versions, the preferred one first.</summary>
internal sealed record ServedGroup(string Name, IReadOnlyList<ServedGroupVersion> Versions)
{
    /// <summary>Groups in the order in which their first kind was registered; the core group first, because clients that find a kind in two groups take the first.</summary>
    public static IEnumerable<ServedGroup> From(IEnumerable<ResourceDefinition> definitions) => definitions
        .SelectMany(definition => definition.Versions.Where(version => version.IsServed).Select(version => (definition, version)))
        .GroupBy(pair => pair.version.Group)
        .OrderBy(group => group.Key.Length > 0)
        .Select(group => new ServedGroup(
            group.Key,
            [.. group.GroupBy(pair => pair.version.Version).OrderBy(v => v.Key, VersionOrder.Instance).Select(v => new ServedGroupVersion(
                v.Key, [.. v.Select(pair => pair.definition).OrderBy(d => d.Names.Plural, StringComparer.Ordinal)]))]));
}
