using GrainKube.ApiMachinery.Definitions;
using GrainKube.ApiServer.Aggregation;

namespace GrainKube.ApiServer.Discovery;

/// <summary>A group with its versions, the preferred one first.</summary>
internal sealed record ServedGroup(string Name, IReadOnlyList<ServedGroupVersion> Versions)
{
    /// <summary>
    /// Groups as APIServices order them: by the highest priority among their versions, then by name; the core group first. Clients that find a kind in two groups take the first.
    /// </summary>
    /// <param name="definitions">What this server serves.</param>
    /// <param name="others">What other servers do; a version that is registered for another server is that server's alone.</param>
    public static IEnumerable<ServedGroup> From(IEnumerable<ResourceDefinition> definitions, ExtensionPicture others)
    {
        var registered = others.Source;
        var here = definitions
            .SelectMany(definition => definition.Versions.Where(version => version.IsServed).Select(version => (definition, version)))
            .GroupBy(pair => (pair.version.Group, pair.version.Version), pair => pair.definition)
            .Where(version => registered.ByVersion.GetValueOrDefault(version.Key)?.Target is null)
            .Select(version => (version.Key.Group, Served: new ServedGroupVersion(version.Key.Version, [.. version.OrderBy(d => d.Names.Plural, StringComparer.Ordinal)])));
        var elsewhere = others.Versions.Select(version => (version.Key.Group, Served: new ServedGroupVersion(version.Key.Version, [], version.Value)));
        return
            from version in here.Concat(elsewhere)
            group version.Served by version.Group into versions
            orderby versions.Key.Length > 0, versions.Max(v => registered.PriorityOf(versions.Key, v.Version).Group) descending, versions.Key
            select new ServedGroup(
                versions.Key,
                [.. versions.OrderByDescending(v => registered.PriorityOf(versions.Key, v.Version).Version).ThenBy(v => v.Version, VersionOrder.Instance)]);
    }
}
