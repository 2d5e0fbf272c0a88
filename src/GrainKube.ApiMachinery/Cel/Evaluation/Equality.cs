using GrainKube.ApiMachinery.Cel.Values;
using GrainKube.ApiMachinery.Schemas;

namespace GrainKube.ApiMachinery.Cel.Evaluation;

/// <summary>Whether two values are the same. Values of different kinds are different, except that numbers are compared by what they mean.</summary>
internal static class Equality
{
    public static bool Same(CelValue left, CelValue right)
    {
        if (left.Kind != right.Kind)
        {
            return Comparison.IsNumber(left) && Comparison.IsNumber(right) && Comparison.Numbers(left, right) == 0;
        }

        return left.Kind switch
        {
            CelKind.Null => true,
            CelKind.Bool or CelKind.Int or CelKind.Uint or CelKind.Duration => left.AsInt == right.AsInt,
            CelKind.Double => left.AsDouble == right.AsDouble,
            CelKind.String => left.AsString == right.AsString,
            CelKind.Bytes => left.AsBytes.AsSpan().SequenceEqual(right.AsBytes),
            CelKind.List => Lists(left.AsList, right.AsList),
            CelKind.Map => Maps(left.AsMap, right.AsMap),
            CelKind.Timestamp => left.AsTimestamp == right.AsTimestamp,
            CelKind.Type => left.AsType.Name == right.AsType.Name,
            CelKind.Optional => left.TryOptional(out var a) == right.TryOptional(out var b) && Same(a, b),
            CelKind.Opaque => left.AsOpaque.Same(right.AsOpaque),
            _ => false,
        };
    }

    private static bool Lists(CelList left, CelList right)
    {
        if (left.Count != right.Count)
        {
            return false;
        }

        var type = left.ListType == ListType.Atomic ? right.ListType : left.ListType;
        if (type is ListType.Set or ListType.Map)
        {
            // Custom resources: what has no order is compared without it.
            var rest = Enumerable.Range(0, right.Count).Select(i => right[i]).ToList();
            for (var i = 0; i < left.Count; i++)
            {
                var element = left[i];
                var at = rest.FindIndex(other => Same(element, other));
                if (at < 0)
                {
                    return false;
                }

                rest.RemoveAt(at);
            }

            return true;
        }

        for (var i = 0; i < left.Count; i++)
        {
            if (!Same(left[i], right[i]))
            {
                return false;
            }
        }

        return true;
    }

    private static bool Maps(CelMap left, CelMap right)
    {
        if (left.Count != right.Count)
        {
            return false;
        }

        foreach (var key in left.Keys)
        {
            if (!left.TryGet(key, out var one) || !right.TryGet(key, out var two) || !Same(one, two))
            {
                return false;
            }
        }

        return true;
    }
}
