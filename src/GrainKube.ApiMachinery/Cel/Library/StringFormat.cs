using System.Globalization;
using System.Text;
using GrainKube.ApiMachinery.Cel.Printing;
using GrainKube.ApiMachinery.Cel.Values;

namespace GrainKube.ApiMachinery.Cel.Library;

/// <summary><c>'%s has %d'.format([a, b])</c>.</summary>
internal static class StringFormat
{
    public static CelValue Apply(string format, CelList arguments)
    {
        var made = new StringBuilder();
        var next = 0;
        for (var i = 0; i < format.Length; i++)
        {
            if (format[i] != '%')
            {
                made.Append(format[i]);
                continue;
            }

            if (++i >= format.Length)
            {
                return CelValue.Fail("unexpected end of string");
            }

            if (format[i] == '%')
            {
                made.Append('%');
                continue;
            }

            int? precision = null;
            if (format[i] == '.')
            {
                var start = ++i;
                while (i < format.Length && char.IsAsciiDigit(format[i]))
                {
                    i++;
                }

                if (i >= format.Length || !int.TryParse(format.AsSpan(start, i - start), NumberStyles.None, CultureInfo.InvariantCulture, out var digits) || digits > 100)
                {
                    return CelValue.Fail("error while parsing precision: unexpected end of string or too large a number");
                }

                precision = digits;
            }

            if (next >= arguments.Count)
            {
                return CelValue.Fail($"index {next} out of range");
            }

            var argument = arguments[next++];
            if (Clause(format[i], precision, argument) is not { } text)
            {
                return CelValue.Fail($"error during formatting: no formatting function for {argument.Type} at clause {format[i]}");
            }

            made.Append(text);
        }

        return CelValue.Of(made.ToString());
    }

    private static string? Clause(char clause, int? precision, CelValue value) => clause switch
    {
        's' => Words(value),
        'd' when value.Kind is CelKind.Int or CelKind.Uint => CelPrinter.Plain(value),
        'd' when value.Kind == CelKind.Double && !double.IsFinite(value.AsDouble) => Special(value.AsDouble),
        'f' when Comparable(value) is { } number => double.IsFinite(number) ? number.ToString("F" + (precision ?? 6), CultureInfo.InvariantCulture) : Special(number),
        'e' when Comparable(value) is { } number => double.IsFinite(number) ? Exponent(number, precision ?? 6) : Special(number),
        'b' when value.Kind == CelKind.Int => (value.AsInt < 0 ? "-" : "") + Convert.ToString(Math.Abs(value.AsInt), 2),
        'b' when value.Kind == CelKind.Uint => value.AsUint.ToString("b", CultureInfo.InvariantCulture),
        'b' when value.Kind == CelKind.Bool => value.AsBool ? "1" : "0",
        'o' when value.Kind == CelKind.Int => (value.AsInt < 0 ? "-" : "") + Convert.ToString(Math.Abs(value.AsInt), 8),
        'o' when value.Kind == CelKind.Uint => Convert.ToString((long)value.AsUint, 8),
        'x' => Hex(value),
        'X' => Hex(value)?.ToUpperInvariant(),
        _ => null,
    };

    private static double? Comparable(CelValue value) => value.Kind switch
    {
        CelKind.Double => value.AsDouble,
        CelKind.Int => value.AsInt,
        CelKind.Uint => value.AsUint,
        _ => null,
    };

    private static string Special(double number) => double.IsNaN(number) ? "NaN" : number > 0 ? "Infinity" : "-Infinity";

    private static string Exponent(double number, int precision)
    {
        var text = number.ToString("E" + precision, CultureInfo.InvariantCulture).Split('E');
        var exponent = int.Parse(text[1], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        return $"{text[0]}e{(exponent < 0 ? "-" : "+")}{Math.Abs(exponent):00}";
    }

    private static string? Hex(CelValue value) => value.Kind switch
    {
        CelKind.Int => value.AsInt < 0 ? "-" + (-(Int128)value.AsInt).ToString("x", CultureInfo.InvariantCulture).TrimStart('0') : value.AsInt.ToString("x", CultureInfo.InvariantCulture),
        CelKind.Uint => value.AsUint.ToString("x", CultureInfo.InvariantCulture),
        CelKind.String => Convert.ToHexStringLower(Encoding.UTF8.GetBytes(value.AsString)),
        CelKind.Bytes => Convert.ToHexStringLower(value.AsBytes),
        _ => null,
    };

    private static string? Words(CelValue value) => value.Kind switch
    {
        CelKind.Double when !double.IsFinite(value.AsDouble) => Special(value.AsDouble),
        CelKind.List => "[" + string.Join(", ", Enumerable.Range(0, value.AsList.Count).Select(i => Words(value.AsList[i]))) + "]",
        CelKind.Map => "{" + string.Join(", ", value.AsMap.Keys.Select(k => (Key: Words(k), Value: value.AsMap.TryGet(k, out var v) ? Words(v) : "")).OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => $"{p.Key}: {p.Value}")) + "}",
        CelKind.Optional or CelKind.Opaque or CelKind.Error => null,
        _ => CelPrinter.Plain(value),
    };
}
