namespace GrainKube.Objects.Encryption;

/// <summary>Resources and the keys for them.</summary>
/// <param name="Resources">As the configuration names them.</param>
/// <param name="Ciphers">In the order of the configuration; the first writes. A null is <c>identity</c>.</param>
internal sealed record EncryptionRule(IReadOnlyList<ResourcePattern> Resources, IReadOnlyList<IValueCipher?> Ciphers);

/// <summary>Resources by name and group: <c>secrets</c>, <c>deployments.apps</c>, <c>*.apps</c>, <c>*.</c> (the core group) or <c>*.*</c>.</summary>
internal sealed record ResourcePattern(string Resource, string Group)
{
    private const string Root = "/registry/";

    public static ResourcePattern Parse(string text)
    {
        var dot = text.IndexOf('.', StringComparison.Ordinal);
        return dot < 0 ? new ResourcePattern(text, "") : new ResourcePattern(text[..dot], text[(dot + 1)..]);
    }

    /// <summary>As upstream writes it.</summary>
    public override string ToString() => Group.Length == 0 && Resource != "*" ? Resource : $"{Resource}.{Group}";

    /// <param name="storeKey">A key of the store.</param>
    /// <param name="isGroup">Tells groups from resources of the core group: both may come first in a key.</param>
    public bool Match(ReadOnlySpan<char> storeKey, Func<string, bool> isGroup)
    {
        if (!storeKey.StartsWith(Root))
        {
            return false;
        }

        if (Group == "*")
        {
            return true;
        }

        var rest = storeKey[Root.Length..];
        if (Group.Length > 0)
        {
            return Take(ref rest, Group) && (Resource == "*" || Take(ref rest, Resource));
        }

        return Resource == "*" ? rest.IndexOf('/') is > 0 and var end && !isGroup(rest[..end].ToString()) : Take(ref rest, Resource);
    }

    private static bool Take(ref ReadOnlySpan<char> rest, string part)
    {
        if (!rest.StartsWith(part) || rest.Length <= part.Length || rest[part.Length] != '/')
        {
            return false;
        }

        rest = rest[(part.Length + 1)..];
        return true;
    }
}
