namespace GrainKube.ApiMachinery.Objects;

/// <summary>Names one object of the API across all versions of its kind.</summary>
/// <param name="Group">API group of the stored kind; empty for the core group.</param>
/// <param name="Resource">Lower-case plural, for example <c>pods</c>.</param>
/// <param name="Namespace">Empty for cluster-scoped kinds.</param>
/// <param name="Name">Name of the object; never contains a slash.</param>
[GenerateSerializer, Immutable]
[Alias("GrainKube.ObjectKey")]
public readonly record struct ObjectKey(
    [property: Id(0)] string Group,
    [property: Id(1)] string Resource,
    [property: Id(2)] string Namespace,
    [property: Id(3)] string Name)
{
    /// <summary>The group and resource this object belongs to.</summary>
    public GroupResource GroupResource => new(Group, Resource);

    /// <summary>Where the store keeps the object, for example <c>/registry/pods/default/web-0</c> or <c>/registry/apps/deployments/default/web</c>.</summary>
    public string StoreKey => (Group.Length, Namespace.Length) switch
    {
        (0, 0) => $"/registry/{Resource}/{Name}",
        (0, _) => $"/registry/{Resource}/{Namespace}/{Name}",
        (_, 0) => $"/registry/{Group}/{Resource}/{Name}",
        _ => $"/registry/{Group}/{Resource}/{Namespace}/{Name}",
    };

    /// <summary>The grain key, <c>group/resource/namespace/name</c>; parts may be empty.</summary>
    public override string ToString() => $"{Group}/{Resource}/{Namespace}/{Name}";

    /// <summary>Reads what <see cref="ToString"/> wrote.</summary>
    /// <exception cref="FormatException">The text has not exactly four parts.</exception>
    public static ObjectKey Parse(string text)
    {
        Span<Range> parts = stackalloc Range[5];
        return text.AsSpan().Split(parts, '/') == 4
            ? new ObjectKey(Utf8Interner.Get(text.AsSpan(parts[0])), Utf8Interner.Get(text.AsSpan(parts[1])), Utf8Interner.Get(text.AsSpan(parts[2])), text[parts[3]])
            : throw new FormatException($"'{text}' is not of the form group/resource/namespace/name");
    }
}
