using System.Text.RegularExpressions;

namespace GrainKube.Kubelet.Images;

/// <summary>Reads image references as pods write them.</summary>
internal static partial class ImageReference
{
    public const string DefaultRegistry = "docker.io";

    public static bool IsValid(string reference) => reference.Length > 0 && Pattern().IsMatch(reference);

    /// <summary>The registry a reference leads to.</summary>
    public static string RegistryOf(string reference)
    {
        var slash = reference.IndexOf('/', StringComparison.Ordinal);
        if (slash < 0)
        {
            return DefaultRegistry;
        }

        var first = reference[..slash];
        return first.Contains('.') || first.Contains(':') || first == "localhost" ? first : DefaultRegistry;
    }

    /// <summary>The reference with its registry, without tag and digest: what credentials are matched with.</summary>
    public static string RepositoryOf(string reference)
    {
        var at = reference.IndexOf('@', StringComparison.Ordinal);
        var name = at < 0 ? reference : reference[..at];
        var colon = name.LastIndexOf(':');
        if (colon > name.LastIndexOf('/'))
        {
            name = name[..colon];
        }

        var registry = RegistryOf(name);
        if (name.StartsWith(registry + "/", StringComparison.Ordinal))
        {
            return name;
        }

        return name.Contains('/') ? $"{registry}/{name}" : $"{registry}/library/{name}";
    }

    [GeneratedRegex(@"^(?:(?:[a-zA-Z0-9](?:[a-zA-Z0-9.-]*[a-zA-Z0-9])?|\[[0-9a-fA-F:]+\])(?::[0-9]+)?/)?[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*(?::\w[\w.-]{0,127})?(?:@[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,})?$")]
    private static partial Regex Pattern();
}
