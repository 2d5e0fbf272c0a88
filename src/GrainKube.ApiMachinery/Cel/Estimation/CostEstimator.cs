using GrainKube.ApiMachinery.Cel.Checking;
using GrainKube.ApiMachinery.Cel.Syntax;
using GrainKube.ApiMachinery.Cel.Values;

namespace GrainKube.ApiMachinery.Cel.Estimation;

/// <summary>Estimates what an expression costs at most, from the sizes that a schema allows, without running it.</summary>
/// <remarks>The model is cel-go's with Kubernetes' prices for its libraries: it must give the same numbers, because they decide which rules a CustomResourceDefinition may have.</remarks>
internal sealed partial class CostEstimator
{
    private const ulong MakeList = 10;
    private const ulong MakeMap = 30;
    private const ulong MakeObject = 40;
    private readonly CheckedTree tree;
    private readonly SizedType root;
    private readonly Stack<(string Name, Local Local)> scope = new();

    private CostEstimator(CheckedTree tree, SizedType root) => (this.tree, this.root) = (tree, root);

    /// <param name="tree">A checked expression whose variables all hold values of one type.</param>
    /// <param name="root">That type.</param>
    public static ulong Most(CheckedTree tree, SizedType root) => new CostEstimator(tree, root).Visit(tree.Root).Cost.Max;

    private Estimated Visit(Expr expr) => expr switch
    {
        ConstExpr constant => Made(expr, Extent.Zero, size: SizeOf(constant.Value)),
        IdentExpr ident => Name(ident, ident.Name),
        SelectExpr select => Select(select),
        CallExpr call => Call(call),
        ListExpr list => List(list),
        MapExpr map => Map(map),
        StructExpr made => Made(expr, Sum(made.Fields.Select(f => Visit(f.Value).Cost)).Plus(MakeObject)),
        WalkExpr walk => Walk(walk),
        OptionalMapExpr optional => OptionalMap(optional),
        _ => throw new ArgumentException("unknown expression", nameof(expr)),
    };

    /// <summary>Where the expression itself does not say how large its value is, the schema does, or else the type.</summary>
    private Estimated Made(Expr expr, Extent cost, Place place = default, Extent? size = null, EntrySizes? entries = null, Extent? otherwise = null)
    {
        var type = tree.TypeOf(expr);
        return new Estimated(expr, type, cost, place, size ?? place.Size ?? (IsScalar(type) ? Extent.One : otherwise), entries);
    }

    private Estimated Name(Expr at, string name)
    {
        foreach (var (known, local) in scope)
        {
            if (known == name)
            {
                return Made(at, Extent.One, local.Place, entries: local.Entries, otherwise: local.Size);
            }
        }

        return Made(at, Extent.One, new Place(true, root));
    }

    private Estimated Select(SelectExpr select)
    {
        if (!tree.WasVisited(select.Operand))
        {
            return Name(select, ""); // a name with dots
        }

        var operand = Visit(select.Operand);
        if (select.Test)
        {
            return Made(select, operand.Cost);
        }

        if (select.Optional)
        {
            return Made(select, operand.Cost.Plus(1));
        }

        var looksUp = operand.Type.Shape is CelTypeShape.Map or CelTypeShape.Object or CelTypeShape.Parameter;
        return Made(select, operand.Cost.Plus(looksUp ? 1u : 0u), operand.Place.Step(root, t => t.Field(select.Field)));
    }

    private Estimated List(ListExpr list)
    {
        var (cost, value) = All(list.Elements);
        return Made(list, cost.Plus(MakeList), size: Extent.Of((ulong)list.Elements.Count), entries: new EntrySizes(true, Extent.One, value));
    }

    private Estimated Map(MapExpr map)
    {
        var (keyCost, key) = All(map.Entries.Select(e => e.Key));
        var (valueCost, value) = All(map.Entries.Select(e => e.Value));
        return Made(map, keyCost.Plus(valueCost).Plus(MakeMap), size: Extent.Of((ulong)map.Entries.Count), entries: new EntrySizes(false, key, value));
    }

    private (Extent Cost, Extent Size) All(IEnumerable<Expr> elements)
    {
        var (cost, size, any) = (Extent.Zero, Extent.Zero, false);
        foreach (var element in elements.Select(Visit))
        {
            cost = cost.Plus(element.Cost);
            size = any ? size.Or(element.Size) : element.Size;
            any = true;
        }

        return (cost, size);
    }

    private static Extent Sum(IEnumerable<Extent> costs) => costs.Aggregate(Extent.Zero, static (sum, cost) => sum.Plus(cost));

    private static Extent? SizeOf(CelValue constant) => constant.Kind switch
    {
        CelKind.String => Extent.Of((ulong)constant.AsString.EnumerateRunes().Count()),
        CelKind.Bytes => Extent.Of((ulong)constant.AsBytes.Length),
        _ => Extent.One,
    };

    private static bool IsScalar(CelType type) =>
        (type.Shape == CelTypeShape.Scalar && !IsText(type) && !ReferenceEquals(type, CelType.Null)) || (type.Shape == CelTypeShape.Optional && IsScalar(type.Arguments[0]));

    private static bool IsText(CelType type) => ReferenceEquals(type, CelType.String) || ReferenceEquals(type, CelType.Bytes);

    /// <summary>A variable of a macro.</summary>
    private sealed record Local(Place Place, Extent? Size, EntrySizes? Entries = null);
}
