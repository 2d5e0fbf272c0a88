using GrainKube.ApiMachinery.Cel.Syntax;

namespace GrainKube.ApiMachinery.Cel.Estimation;

/// <summary>Macros. Upstream writes them out as loops over a hidden result, which is read and changed in each step; that is what the numbers are.</summary>
internal sealed partial class CostEstimator
{
    /// <summary><c>result + [element]</c> without the element.</summary>
    private const ulong Append = 2 + MakeList;
    private const ulong Read = 1;

    private Estimated Walk(WalkExpr walk)
    {
        var range = Visit(walk.Range);
        var isList = range.Entries?.IsList ?? range.Type.Shape == CelTypeShape.List;
        var value = new Local(range.Place.Step(root, t => t.Element), range.Entries?.Value);
        if (walk.Second is null)
        {
            scope.Push((walk.First, isList ? value : new Local(range.Place.Step(root, t => t.Key), range.Entries?.Key)));
        }
        else
        {
            scope.Push((walk.First, new Local(range.Place.Step(root, t => isList ? null : t.Key), range.Entries?.Key)));
            scope.Push((walk.Second, value));
        }

        var condition = walk.Condition is null ? null : Visit(walk.Condition);
        var body = walk.Body is null ? null : Visit(walk.Body);
        var collected = body ?? (walk.Kind == WalkKind.Filter ? Name(walk, walk.First) : null);
        scope.Pop();
        if (walk.Second is not null)
        {
            scope.Pop();
        }

        if (walk.Kind == WalkKind.SortBy)
        {
            // The range under a name, a list of all keys, and the call that sorts one by the other.
            var keys = range.Size.Times(body!.Cost.Plus(Append)).Plus((2 * MakeList) + (3 * Read));
            var sorts = ListPrices.Sorted(body.Type, range.Size);
            return Made(walk, range.Cost.Plus(keys).Plus(sorts.Cost), size: sorts.Size);
        }

        var (start, step, end) = walk.Kind switch
        {
            WalkKind.All => (0UL, Decided(condition!.Cost).Plus(2), Read),
            WalkKind.Exists => (0UL, Decided(condition!.Cost).Plus(3), Read),
            WalkKind.ExistsOne => (0UL, condition!.Cost.Plus(new Extent(1, 2)), Read + 1),
            WalkKind.TransformMap => (MakeMap, Filtered(condition, body!.Cost.Plus(3)), Read),
            WalkKind.TransformMapEntry => (MakeMap, Filtered(condition, body!.Cost.Plus(2)), Read),
            _ => (MakeList, Filtered(condition, collected!.Cost.Plus(Append)), Read),
        };
        var cost = range.Cost.Plus(start).Plus(range.Size.Times(step)).Plus(end);
        return start switch
        {
            0 => Made(walk, cost, size: Extent.One),
            MakeList => Made(walk, cost, size: range.Size, entries: new EntrySizes(true, Extent.One, new Extent(0, collected!.Size.Max))),
            _ => Made(walk, cost, size: range.Size),
        };
    }

    /// <summary>The result stands on the left; once it is decided, nothing else is asked.</summary>
    private static Extent Decided(Extent condition) => new(Read, condition.Plus(Read).Max);

    /// <summary>What is not let through leaves the result as it was.</summary>
    private static Extent Filtered(Estimated? condition, Extent step) => condition is null ? step : condition.Cost.Plus(step.Or(Extent.Of(Read)));

    /// <summary><c>target.hasValue() ? optional.of(bind(variable, target.value(), body)) : optional.none()</c>.</summary>
    private Estimated OptionalMap(OptionalMapExpr optional)
    {
        var target = Visit(optional.Target).Cost.Plus(1);
        var held = tree.TypeOf(optional.Target) is { Shape: CelTypeShape.Optional } type && IsScalar(type.Arguments[0]) ? Extent.One : (Extent?)null;
        scope.Push((optional.Variable, new Local(Place.None, held)));
        var body = Visit(optional.Body);
        scope.Pop();
        var bound = target.Plus(body.Cost).Plus(MakeList).Plus(optional.Flat ? 0u : 1u);
        return Made(optional, target.Plus(bound.Or(Extent.One)), size: Extent.Unknown);
    }
}
