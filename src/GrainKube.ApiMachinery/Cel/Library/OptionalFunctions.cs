using GrainKube.ApiMachinery.Cel.Checking;
using GrainKube.ApiMachinery.Cel.Values;

namespace GrainKube.ApiMachinery.Cel.Library;

/// <summary>Values that may be absent.</summary>
internal static class OptionalFunctions
{
    public static void AddTo(FunctionTable table)
    {
        table.Global("optional.of", "A -> optional(A)", static a => CelValue.OfOptional(a[0]));
        table.Global("optional.none", "-> optional(A)", static _ => CelValue.NoOptional);
        table.Global("optional.ofNonZeroValue", "A -> optional(A)", static a => IsZero(a[0]) ? CelValue.NoOptional : CelValue.OfOptional(a[0]));
        table.Member("hasValue", "optional(A) -> bool", static a => CelValue.Of(a[0].TryOptional(out _)));
        table.Member("value", "optional(A) -> A", static a => a[0].TryOptional(out var held) ? held : CelValue.Fail("optional.none() dereference"));
        table.Member("or", "optional(A), optional(A) -> optional(A)", static a => a[0].TryOptional(out _) ? a[0] : a[1]);
        table.Member("orValue", "optional(A), A -> A", static a => a[0].TryOptional(out var held) ? held : a[1]);
    }

    private static bool IsZero(CelValue value) => value.Kind switch
    {
        CelKind.Null => true,
        CelKind.Bool => !value.AsBool,
        CelKind.Int or CelKind.Uint or CelKind.Duration => value.AsInt == 0,
        CelKind.Double => value.AsDouble == 0,
        CelKind.String => value.AsString.Length == 0,
        CelKind.Bytes => value.AsBytes.Length == 0,
        CelKind.List => value.AsList.Count == 0,
        CelKind.Map => value.AsMap.Count == 0,
        CelKind.Timestamp => value.AsTimestamp is { Seconds: -62135596800, Nanoseconds: 0 },
        CelKind.Optional => !value.TryOptional(out _),
        _ => false,
    };
}
