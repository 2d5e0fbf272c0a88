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
    public string StoreKey => Namespace.Length == 0 ? GroupResource.StorePrefix + Name : $"{GroupResource.StorePrefix}{Namespace}/{Name}";

    /// <summary>The grain key, <c>group/resource/namespace/name</c>; parts may be empty.</summary>
    public override string ToString() => $"{Group}/{Resource}/{Namespace}/{Name}";

    /// <summary>Reads what <see cref="ToString"/> wrote.</summary>
    /// <exception cref="FormatException">The text has not exactly four parts.</exception>
    public static ObjectKey Parse(string text)
    {
        var parts = text.Split('/');
        return parts.Length == 4
            ? new ObjectKey(parts[0], parts[1], parts[2], parts[3])
            : throw new FormatException($"'{text}' is not of the form group/resource/namespace/name");
    }
}
