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

    /// <summary>The name that an image has in the engine once it was pulled by this reference; empty for one by digest, which gives it none.</summary>
    public static string TagOf(string reference)
    {
        if (reference.Contains('@', StringComparison.Ordinal))
        {
            return "";
        }

        var repository = RepositoryOf(reference);
        var tag = reference.LastIndexOf(':') is var colon && colon > reference.LastIndexOf('/') ? reference[colon..] : ":latest";
        foreach (var usual in (ReadOnlySpan<string>)["docker.io/library/", "docker.io/", "index.docker.io/library/", "index.docker.io/"])
        {
            if (repository.StartsWith(usual, StringComparison.Ordinal))
            {
                return repository[usual.Length..] + tag;
            }
        }

        return repository + tag;
    }

    [GeneratedRegex(@"^(?:(?:[a-zA-Z0-9](?:[a-zA-Z0-9.-]*[a-zA-Z0-9])?|\[[0-9a-fA-F:]+\])(?::[0-9]+)?/)?[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*(?::\w[\w.-]{0,127})?(?:@[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,})?$")]
    private static partial Regex Pattern();
}
