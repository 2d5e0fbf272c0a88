using GrainKube.ApiMachinery.Cel.Checking;
using GrainKube.ApiMachinery.Cel.Syntax;
using GrainKube.ApiMachinery.Cel.Values;

namespace GrainKube.ApiMachinery.Cel.Estimation;

/// <summary>The prices of functions of lists.</summary>
internal static class ListPrices
{
    private const ulong MakeList = 10;

    /// <summary>Null where a function has no price of its own.</summary>
    public static CallPrice? Of(CallSite site, Estimated target, Overload candidate)
    {
        var size = target.Size;
        return site.Name switch
        {
            "slice" => Allocated(1, Extent.Of(unchecked(Literal(site.Arguments[1], size.Max) - Literal(site.Arguments[0], 0)))),
            "reverse" when candidate.Parameters[0].Shape == CelTypeShape.List => Allocated(1, size),
            "flatten" => Allocated(site.Arguments.Count == 1 ? Literal(site.Arguments[0], ulong.MaxValue) : 1, size),
            "distinct" => Allocated(Quadratic(target.Type.Shape == CelTypeShape.List ? target.Type.Arguments[0] : CelType.Dyn), size.Times(size)),
            "sort" => Sorted(candidate.Parameters[0].Arguments[0], size),
            _ => null,
        };
    }

    /// <summary>One walk over the elements, with what is in them where those are texts; a text itself is scanned.</summary>
    public static Extent Searched(CallSite site, Estimated target)
    {
        if (ElementOf(site, target) is not { } element)
        {
            return site.Name == "includes" ? target.Size : target.Size.Times(Extent.Scan);
        }

        var each = Extent.One;
        if (IsText(element.Type))
        {
            each = each.Plus(element.Size.Times(Extent.Scan));
        }

        return target.Size.Times(each);
    }

    public static CallPrice Joined(CallSite site, Estimated target)
    {
        var size = ElementOf(site, target) is { } element ? target.Size.Times(element.Size) : Extent.Zero;
        if (site.Arguments.Count > 0)
        {
            var between = new Extent(target.Size.Min > 0 ? target.Size.Min - 1 : 0, target.Size.Max > 0 ? target.Size.Max - 1 : 0);
            size = size.Plus(site.Arguments[0].Size.Times(between));
        }

        return new(size.Times(Extent.Scan), size);
    }

    /// <param name="key">What the order is of.</param>
    /// <param name="size">How many there are.</param>
    public static CallPrice Sorted(CelType key, Extent size) => Allocated(Quadratic(key), size.Times(size));

    /// <summary>A call that makes a list.</summary>
    public static CallPrice Allocated(double factor, Extent size) => new(size.Times(factor).Plus(1 + MakeList), size);

    /// <summary>A number that is written out; below zero counts as zero.</summary>
    public static ulong Literal(Estimated argument, ulong otherwise) =>
        argument.Source is ConstExpr { Value: { Kind: CelKind.Int } number } ? (ulong)Math.Max(0, number.AsInt) : otherwise;

    private static double Quadratic(CelType element) => IsText(element) ? 2 + Extent.Scan : 2;

    private static bool IsText(CelType type) => ReferenceEquals(type, CelType.String) || ReferenceEquals(type, CelType.Bytes);

    /// <summary>What the schema says of a list's elements; null where the type is no list. Maps count by their keys' type and their values' size, as upstream.</summary>
    private static (CelType Type, Extent Size)? ElementOf(CallSite site, Estimated list)
    {
        if (list.Type.Arguments.Count == 0)
        {
            return null;
        }

        var size = list.Place.HasPath ? list.Place.Step(site.Root, t => t.Element).Size : null;
        return (list.Type.Arguments[0], size ?? Extent.Unknown);
    }
}
