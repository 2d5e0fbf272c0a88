using System.Globalization;
using System.Text;
using GrainKube.ApiMachinery.Cel.Checking;
using GrainKube.ApiMachinery.Cel.Printing;
using GrainKube.ApiMachinery.Cel.Values;

namespace GrainKube.ApiMachinery.Cel.Library;

/// <summary>From one type to another, and what is asked of any value: <c>type</c>, <c>size</c>, <c>dyn</c>.</summary>
internal static class Conversions
{
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    public static void AddTo(FunctionTable table)
    {
        table.Global("type", "A -> type(A)", static a => CelValue.Of(a[0].Type));
        table.Global("dyn", "A -> dyn", static a => a[0]);
        foreach (var type in new[] { "string", "bytes", "list(A)", "map(A, B)" })
        {
            table.Global("size", $"{type} -> int", static a => CelValue.Of(SizeOf(a[0])));
            table.Member("size", $"{type} -> int", static a => CelValue.Of(SizeOf(a[0])));
        }

        table.Operator("int", static a => ToInt(a[0]), "int -> int", "uint -> int", "double -> int", "string -> int", "timestamp -> int", "duration -> int");
        table.Operator("uint", static a => ToUint(a[0]), "uint -> uint", "int -> uint", "double -> uint", "string -> uint");
        table.Operator("double", static a => ToDouble(a[0]), "double -> double", "int -> double", "uint -> double", "string -> double");
        table.Operator("bool", static a => ToBool(a[0]), "bool -> bool", "string -> bool");
        table.Operator("bytes", static a => a[0].Kind == CelKind.String ? CelValue.Of(Encoding.UTF8.GetBytes(a[0].AsString)) : Same(a[0], CelKind.Bytes), "bytes -> bytes", "string -> bytes");
        table.Operator(
            "string",
            static a => ToText(a[0]),
            "string -> string", "bool -> string", "int -> string", "uint -> string", "double -> string", "bytes -> string", "timestamp -> string", "duration -> string",
            "net.IP -> string", "net.CIDR -> string");
        table.Operator("timestamp", static a => ToTimestamp(a[0]), "timestamp -> timestamp", "int -> timestamp", "string -> timestamp");
        table.Operator("duration", static a => ToDuration(a[0]), "duration -> duration", "int -> duration", "string -> duration");
        table.Costs(static (a, _) => Costs.Scan(Costs.Size(a[0])), "bytes", "string");
    }

    /// <summary>Of a string the code points.</summary>
    private static long SizeOf(CelValue value)
    {
        if (value.Kind != CelKind.String)
        {
            return Costs.Size(value);
        }

        var size = 0;
        foreach (var c in value.AsString)
        {
            size += char.IsLowSurrogate(c) ? 0 : 1;
        }

        return size;
    }

    private static CelValue Same(CelValue value, CelKind kind) => value.Kind == kind ? value : CelValue.Of(CelError.NoOverload);

    private static CelValue ToInt(CelValue value)
    {
        switch (value.Kind)
        {
            case CelKind.Uint:
                return value.AsUint <= long.MaxValue ? CelValue.Of((long)value.AsUint) : CelValue.Fail("integer overflow");
            case CelKind.Double:
                return value.AsDouble is > -9223372036854775808.0 and < 9223372036854775808.0 ? CelValue.Of((long)value.AsDouble) : CelValue.Fail("integer overflow");
            case CelKind.String:
                return long.TryParse(value.AsString, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole)
                    ? CelValue.Of(whole)
                    : CelValue.Fail($"strconv.ParseInt: parsing {CelPrinter.Quote(value.AsString)}: invalid syntax");
            case CelKind.Timestamp:
                return CelValue.Of(value.AsTimestamp.Seconds);
            case CelKind.Duration:
                return CelValue.Of(value.AsDuration);
            default:
                return Same(value, CelKind.Int);
        }
    }

    private static CelValue ToUint(CelValue value)
    {
        switch (value.Kind)
        {
            case CelKind.Int:
                return value.AsInt >= 0 ? CelValue.OfUint((ulong)value.AsInt) : CelValue.Fail("unsigned integer overflow");
            case CelKind.Double:
                return value.AsDouble is >= 0 and < 18446744073709551616.0 ? CelValue.OfUint((ulong)value.AsDouble) : CelValue.Fail("unsigned integer overflow");
            case CelKind.String:
                return ulong.TryParse(value.AsString, NumberStyles.None, CultureInfo.InvariantCulture, out var whole)
                    ? CelValue.OfUint(whole)
                    : CelValue.Fail($"strconv.ParseUint: parsing {CelPrinter.Quote(value.AsString)}: invalid syntax");
            default:
                return Same(value, CelKind.Uint);
        }
    }

    private static CelValue ToDouble(CelValue value)
    {
        switch (value.Kind)
        {
            case CelKind.Int:
                return CelValue.Of((double)value.AsInt);
            case CelKind.Uint:
                return CelValue.Of((double)value.AsUint);
            case CelKind.String:
                return value.AsString.TrimStart('+', '-').ToUpperInvariant() switch
                {
                    "INF" or "INFINITY" => CelValue.Of(value.AsString[0] == '-' ? double.NegativeInfinity : double.PositiveInfinity),
                    "NAN" => CelValue.Of(double.NaN),
                    _ => double.TryParse(value.AsString, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)
                        ? CelValue.Of(number)
                        : CelValue.Fail($"strconv.ParseFloat: parsing {CelPrinter.Quote(value.AsString)}: invalid syntax"),
                };
            default:
                return Same(value, CelKind.Double);
        }
    }

    private static CelValue ToBool(CelValue value) => value.Kind != CelKind.String ? Same(value, CelKind.Bool) : value.AsString switch
    {
        "1" or "t" or "T" or "true" or "TRUE" or "True" => CelValue.True,
        "0" or "f" or "F" or "false" or "FALSE" or "False" => CelValue.False,
        _ => CelValue.Fail($"strconv.ParseBool: parsing {CelPrinter.Quote(value.AsString)}: invalid syntax"),
    };

    private static CelValue ToText(CelValue value)
    {
        switch (value.Kind)
        {
            case CelKind.String:
                return value;
            case CelKind.Bytes:
                try
                {
                    return CelValue.Of(Strict.GetString(value.AsBytes));
                }
                catch (DecoderFallbackException)
                {
                    return CelValue.Fail("invalid UTF-8 in bytes, cannot convert to string");
                }

            case CelKind.Bool or CelKind.Int or CelKind.Uint or CelKind.Double or CelKind.Timestamp or CelKind.Duration:
                return CelValue.Of(CelPrinter.Plain(value));
            case CelKind.Opaque when value.AsOpaque is NetAddress:
                return CelValue.Of(CelPrinter.Plain(value));
            default:
                return CelValue.Of(CelError.NoOverload);
        }
    }

    private static CelValue ToTimestamp(CelValue value) => value.Kind switch
    {
        CelKind.Int => new CelTimestamp(0, 0).Plus((Int128)value.AsInt * 1_000_000_000) is { } moment ? CelValue.Of(moment) : CelValue.Fail("timestamp overflow"),
        CelKind.String => Times.TryTimestamp(value.AsString, out var read)
            ? CelValue.Of(read)
            : CelValue.Fail($"parsing time {CelPrinter.Quote(value.AsString)} as \"2006-01-02T15:04:05Z07:00\": cannot parse {CelPrinter.Quote(value.AsString)}"),
        _ => Same(value, CelKind.Timestamp),
    };

    private static CelValue ToDuration(CelValue value) => value.Kind switch
    {
        CelKind.Int => CelValue.OfDuration(value.AsInt),
        CelKind.String => Times.TryDuration(value.AsString, out var read) ? CelValue.OfDuration(read) : CelValue.Fail($"time: invalid duration {CelPrinter.Quote(value.AsString)}"),
        _ => Same(value, CelKind.Duration),
    };
}
