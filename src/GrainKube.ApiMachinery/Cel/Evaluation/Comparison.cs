using GrainKube.ApiMachinery.Cel.Values;

namespace GrainKube.ApiMachinery.Cel.Evaluation;

/// <summary>Order of values.</summary>
internal static class Comparison
{
    public static bool IsNumber(CelValue value) => value.Kind is CelKind.Int or CelKind.Uint or CelKind.Double;

    /// <summary>-1, 0 or 1; 2 where one is not a number (NaN is neither before nor after); null where the two cannot be ordered.</summary>
    public static int? Order(CelValue left, CelValue right)
    {
        if (left.Kind == CelKind.Int && right.Kind == CelKind.Int)
        {
            return left.AsInt.CompareTo(right.AsInt);
        }

        if (IsNumber(left) && IsNumber(right))
        {
            return Numbers(left, right) ?? 2;
        }

        return left.Kind != right.Kind ? null : left.Kind switch
        {
            CelKind.Bool => left.AsBool.CompareTo(right.AsBool),
            CelKind.Duration => left.AsDuration.CompareTo(right.AsDuration),
            CelKind.Timestamp => left.AsTimestamp.CompareTo(right.AsTimestamp),
            CelKind.String => Math.Sign(Runes(left.AsString, right.AsString)),
            CelKind.Bytes => Math.Sign(left.AsBytes.AsSpan().SequenceCompareTo(right.AsBytes)),
            _ => null,
        };
    }

    /// <summary>Compares numbers of any kinds exactly; null where one is not a number.</summary>
    public static int? Numbers(CelValue left, CelValue right)
    {
        if (left.Kind != CelKind.Double && right.Kind != CelKind.Double)
        {
            left.TryInteger(out var a);
            right.TryInteger(out var b);
            return a.CompareTo(b);
        }

        if (left.Kind == CelKind.Double && right.Kind == CelKind.Double)
        {
            return double.IsNaN(left.AsDouble) || double.IsNaN(right.AsDouble) ? null : left.AsDouble.CompareTo(right.AsDouble);
        }

        return left.Kind == CelKind.Double ? Mixed(left.AsDouble, right) : -Mixed(right.AsDouble, left);
    }

    private static int? Mixed(double number, CelValue whole)
    {
        if (double.IsNaN(number))
        {
            return null;
        }

        if (Math.Abs(number) >= 1e19)
        {
            return number > 0 ? 1 : -1;
        }

        whole.TryInteger(out var value);
        var floor = Math.Floor(number);
        var order = ((Int128)floor).CompareTo(value);
        return order != 0 ? order : number > floor ? 1 : 0;
    }

    /// <summary>By code points, as UTF-8 sorts; .NET's ordinal order differs for surrogates.</summary>
    private static int Runes(string left, string right)
    {
        var length = Math.Min(left.Length, right.Length);
        for (var i = 0; i < length; i++)
        {
            if (left[i] != right[i])
            {
                var (a, b) = (char.IsSurrogate(left[i]), char.IsSurrogate(right[i]));
                return a != b ? (a ? 1 : -1) : left[i].CompareTo(right[i]);
            }
        }

        return left.Length.CompareTo(right.Length);
    }
}
