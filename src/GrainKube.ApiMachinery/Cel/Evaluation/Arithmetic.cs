using GrainKube.ApiMachinery.Cel.Values;
using GrainKube.ApiMachinery.Schemas;

namespace GrainKube.ApiMachinery.Cel.Evaluation;

/// <summary>The arithmetic operators, with cel-go's complaints.</summary>
internal static class Arithmetic
{
    private static readonly CelValue NoOverload = CelValue.Of(CelError.NoOverload);
    private static readonly CelValue IntOverflow = CelValue.Fail("integer overflow");
    private static readonly CelValue UintOverflow = CelValue.Fail("unsigned integer overflow");
    private static readonly CelValue TimestampOverflow = CelValue.Fail("timestamp overflow");
    private static readonly CelValue DurationOverflow = CelValue.Fail("duration overflow");
    private static readonly CelValue DivideByZero = CelValue.Fail("division by zero");
    private static readonly CelValue ModulusByZero = CelValue.Fail("modulus by zero");

    public static CelValue Add(CelValue a, CelValue b) => (a.Kind, b.Kind) switch
    {
        (CelKind.Int, CelKind.Int) => Whole((Int128)a.AsInt + b.AsInt),
        (CelKind.Uint, CelKind.Uint) => Unsigned((Int128)a.AsUint + b.AsUint),
        (CelKind.Double, CelKind.Double) => CelValue.Of(a.AsDouble + b.AsDouble),
        (CelKind.String, CelKind.String) => CelValue.Of(a.AsString + b.AsString),
        (CelKind.Bytes, CelKind.Bytes) => CelValue.Of([.. a.AsBytes, .. b.AsBytes]),
        (CelKind.List, CelKind.List) => Lists(a.AsList, b.AsList),
        (CelKind.Timestamp, CelKind.Duration) => Moment(a.AsTimestamp.Plus(b.AsDuration)),
        (CelKind.Duration, CelKind.Timestamp) => Moment(b.AsTimestamp.Plus(a.AsDuration)),
        (CelKind.Duration, CelKind.Duration) => Time((Int128)a.AsDuration + b.AsDuration),
        _ => NoOverload,
    };

    public static CelValue Subtract(CelValue a, CelValue b) => (a.Kind, b.Kind) switch
    {
        (CelKind.Int, CelKind.Int) => Whole((Int128)a.AsInt - b.AsInt),
        (CelKind.Uint, CelKind.Uint) => Unsigned((Int128)a.AsUint - b.AsUint),
        (CelKind.Double, CelKind.Double) => CelValue.Of(a.AsDouble - b.AsDouble),
        (CelKind.Timestamp, CelKind.Timestamp) => Time(a.AsTimestamp.Nanos - b.AsTimestamp.Nanos),
        (CelKind.Timestamp, CelKind.Duration) => Moment(a.AsTimestamp.Plus(-(Int128)b.AsDuration)),
        (CelKind.Duration, CelKind.Duration) => Time((Int128)a.AsDuration - b.AsDuration),
        _ => NoOverload,
    };

    public static CelValue Multiply(CelValue a, CelValue b) => (a.Kind, b.Kind) switch
    {
        (CelKind.Int, CelKind.Int) => Whole((Int128)a.AsInt * b.AsInt),
        (CelKind.Uint, CelKind.Uint) => (UInt128)a.AsUint * b.AsUint is var product && product <= ulong.MaxValue ? CelValue.OfUint((ulong)product) : UintOverflow,
        (CelKind.Double, CelKind.Double) => CelValue.Of(a.AsDouble * b.AsDouble),
        _ => NoOverload,
    };

    public static CelValue Divide(CelValue a, CelValue b) => (a.Kind, b.Kind) switch
    {
        (CelKind.Int, CelKind.Int) => b.AsInt == 0 ? DivideByZero : Whole((Int128)a.AsInt / b.AsInt),
        (CelKind.Uint, CelKind.Uint) => b.AsUint == 0 ? DivideByZero : CelValue.OfUint(a.AsUint / b.AsUint),
        (CelKind.Double, CelKind.Double) => CelValue.Of(a.AsDouble / b.AsDouble),
        _ => NoOverload,
    };

    public static CelValue Modulo(CelValue a, CelValue b) => (a.Kind, b.Kind) switch
    {
        (CelKind.Int, CelKind.Int) => b.AsInt == 0 ? ModulusByZero : a.AsInt == long.MinValue && b.AsInt == -1 ? IntOverflow : CelValue.Of(a.AsInt % b.AsInt),
        (CelKind.Uint, CelKind.Uint) => b.AsUint == 0 ? ModulusByZero : CelValue.OfUint(a.AsUint % b.AsUint),
        _ => NoOverload,
    };

    public static CelValue Negate(CelValue a) => a.Kind switch
    {
        CelKind.Int => Whole(-(Int128)a.AsInt),
        CelKind.Double => CelValue.Of(-a.AsDouble),
        CelKind.Duration => Time(-(Int128)a.AsDuration),
        _ => NoOverload,
    };

    private static CelValue Whole(Int128 value) => value >= long.MinValue && value <= long.MaxValue ? CelValue.Of((long)value) : IntOverflow;

    private static CelValue Unsigned(Int128 value) => value >= 0 && value <= ulong.MaxValue ? CelValue.OfUint((ulong)value) : UintOverflow;

    private static CelValue Time(Int128 value) => value >= long.MinValue && value <= long.MaxValue ? CelValue.OfDuration((long)value) : DurationOverflow;

    private static CelValue Moment(CelTimestamp? value) => value is null ? TimestampOverflow : CelValue.Of(value);

    /// <summary>Lists are joined as their type in a custom resource says; others one after the other.</summary>
    private static CelValue Lists(CelList a, CelList b)
    {
        if ((long)a.Count + b.Count > ConcatList.Maximum)
        {
            return CelValue.Of(CelError.Budget);
        }

        if (a.ListType is ListType.Atomic)
        {
            return a.Count == 0 ? CelValue.Of(b) : b.Count == 0 ? CelValue.Of(a) : CelValue.Of(new ConcatList(a, b));
        }

        var joined = Enumerable.Range(0, a.Count).Select(i => a[i]).ToList();
        for (var i = 0; i < b.Count; i++)
        {
            var element = b[i];
            var at = joined.FindIndex(known => a.ListType == ListType.Set ? known.Is(element) : SameKeys(known, element, a.MapKeys));
            if (at < 0)
            {
                joined.Add(element);
            }
            else
            {
                joined[at] = element;
            }
        }

        return CelValue.Of(joined);
    }

    private static bool SameKeys(CelValue a, CelValue b, IReadOnlyList<string> keys) =>
        a.Kind == CelKind.Map && b.Kind == CelKind.Map
        && keys.All(k => a.AsMap.TryField(k, out var one) == b.AsMap.TryField(k, out var two) && one.Is(two));
}

/// <summary>Two lists as one, without a copy: expressions can double a list many times.</summary>
internal sealed class ConcatList(CelList first, CelList second) : CelList
{
    /// <summary>Longer ones count as too expensive.</summary>
    public const int Maximum = 1_000_000;

    public override int Count { get; } = first.Count + second.Count;

    public override CelValue this[int index] => index < first.Count ? first[index] : second[index - first.Count];
}
