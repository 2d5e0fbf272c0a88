namespace GrainKube.Docker.Images;

/// <summary>An image's name and what of it is meant, as a pod writes it: <c>host:port/name:tag</c> or <c>name@sha256:…</c>.</summary>
internal readonly record struct ImageReference(string Name, string Version)
{
    /// <summary>Without a tag or digest it is <c>latest</c>: the engine would otherwise pull every tag there is.</summary>
    public static ImageReference Parse(string reference)
    {
        var at = reference.IndexOf('@');
        if (at >= 0)
        {
            var name = reference[..at];
            return new ImageReference(WithoutTag(name), reference[(at + 1)..]);
        }

        var bare = WithoutTag(reference);
        return bare.Length == reference.Length ? new ImageReference(bare, "latest") : new ImageReference(bare, reference[(bare.Length + 1)..]);
    }

    // A colon before the last slash belongs to the port of a registry.
    private static string WithoutTag(string name)
    {
        var colon = name.LastIndexOf(':');
        return colon > name.LastIndexOf('/') ? name[..colon] : name;
    }
}
