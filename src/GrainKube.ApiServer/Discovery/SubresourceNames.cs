using GrainKube.ApiMachinery.Definitions;

namespace GrainKube.ApiServer.Discovery;

/// <summary>All subresources of a kind as discovery lists them, by name.</summary>
internal static class SubresourceNames
{
    private static readonly string[] ObjectVerbs = ["get", "patch", "update"];

    /// <summary>A subresource and the kind of its body; null group and version mean the parent's.</summary>
    public static IEnumerable<(string Name, string Kind, string? Group, string? Version, IReadOnlyList<string> Verbs)> Of(ResourceDefinition definition)
    {
        var all = new List<(string Name, string Kind, string? Group, string? Version, IReadOnlyList<string> Verbs)>();
        if (definition.HasStatus)
        {
            all.Add(("status", definition.Names.Kind, null, null, ObjectVerbs));
        }

        if (definition.Scale is not null)
        {
            all.Add(("scale", "Scale", "autoscaling", "v1", ObjectVerbs));
        }

        foreach (var operation in definition.Subresources)
        {
            var own = operation.Kind == definition.Names.Kind || (operation.Group == definition.Names.Group && operation.Version == definition.Names.Version);
            all.Add((operation.Name, operation.Kind, own ? null : operation.Group, own ? null : operation.Version, operation.Verbs));
        }

        all.AddRange(definition.ServedSubresources.Select(served => (served.Name, served.Kind, served.Group, served.Version, served.Verbs)));
        return all.DistinctBy(s => s.Name).OrderBy(s => s.Name, StringComparer.Ordinal);
    }
}
