using GrainKube.ApiMachinery.Cel.Syntax;

namespace GrainKube.ApiMachinery.Cel.Estimation;

/// <summary>What is known of an expression before it runs.</summary>
/// <param name="Source">The expression.</param>
/// <param name="Type">As checked.</param>
/// <param name="Cost">With all that is below it.</param>
/// <param name="Place">Where in the schema its value stands.</param>
/// <param name="Known">Its size; null where nothing bounds it.</param>
/// <param name="Entries">Of a list or map that the expression makes.</param>
internal sealed record Estimated(Expr Source, CelType Type, Extent Cost, Place Place, Extent? Known, EntrySizes? Entries)
{
    public Extent Size => Known ?? Extent.Unknown;
}

/// <summary>Sizes of what is in a list or map.</summary>
/// <param name="IsList">Or a map.</param>
/// <param name="Key">Of the keys.</param>
/// <param name="Value">Of the elements or values.</param>
internal sealed record EntrySizes(bool IsList, Extent Key, Extent Value)
{
    public static EntrySizes? Or(EntrySizes? one, EntrySizes? other) =>
        one is null || other is null ? null : one with { Key = one.Key.Or(other.Key), Value = one.Value.Or(other.Value) };
}

/// <summary>A way from a variable through the schema. What has no way of its own is upstream taken to stand at the root, one step further; that is kept, because it decides which rules are let in.</summary>
/// <param name="HasPath">There is a way.</param>
/// <param name="Type">Where it ends; null where the schema does not know it.</param>
internal readonly record struct Place(bool HasPath, SizedType? Type)
{
    public static Place None { get; }

    public Extent? Size => Type is { } type ? new Extent(0, (ulong)type.Elements) : null;

    public Place Step(SizedType root, Func<SizedType, SizedType?> step) => new(true, HasPath ? Type is { } type ? step(type) : null : root);
}
