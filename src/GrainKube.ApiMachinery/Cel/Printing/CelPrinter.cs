using System.Globalization;
using System.Text;
using GrainKube.ApiMachinery.Cel.Library;
using GrainKube.ApiMachinery.Cel.Values;

namespace GrainKube.ApiMachinery.Cel.Printing;

/// <summary>Values as text.</summary>
internal static class CelPrinter
{
    /// <summary>As a literal of the language, where there is one.</summary>
    public static string Print(CelValue value) => value.Kind switch
    {
        CelKind.Null => "null",
        CelKind.String => Quote(value.AsString),
        CelKind.Uint => Plain(value) + "u",
        CelKind.Double when double.IsInteger(value.AsDouble) && Math.Abs(value.AsDouble) < 1e15 => value.AsDouble.ToString("F1", CultureInfo.InvariantCulture),
        CelKind.Bytes => "b\"" + string.Concat(value.AsBytes.Select(b => $"\\x{b:x2}")) + "\"",
        CelKind.List => "[" + string.Join(", ", Enumerable.Range(0, value.AsList.Count).Select(i => Print(value.AsList[i]))) + "]",
        CelKind.Map => "{" + string.Join(", ", value.AsMap.Keys.Select(k => Print(k) + ": " + (value.AsMap.TryGet(k, out var v) ? Print(v) : ""))) + "}",
        CelKind.Timestamp => $"timestamp(\"{Plain(value)}\")",
        CelKind.Duration => $"duration(\"{Plain(value)}\")",
        CelKind.Optional => value.TryOptional(out var held) ? $"optional.of({Print(held)})" : "optional.none()",
        CelKind.Error => value.AsError.Message,
        _ => Plain(value),
    };

    /// <summary>As <c>string(x)</c> gives it.</summary>
    public static string Plain(CelValue value) => value.Kind switch
    {
        CelKind.Null => "null",
        CelKind.Bool => value.AsBool ? "true" : "false",
        CelKind.Int => value.AsInt.ToString(CultureInfo.InvariantCulture),
        CelKind.Uint => value.AsUint.ToString(CultureInfo.InvariantCulture),
        CelKind.Double => Number(value.AsDouble),
        CelKind.String => value.AsString,
        CelKind.Bytes => Encoding.UTF8.GetString(value.AsBytes),
        CelKind.Timestamp => Times.Format(value.AsTimestamp),
        CelKind.Duration => Times.FormatDuration(value.AsDuration),
        CelKind.Type => value.AsType.Name,
        CelKind.Opaque => value.AsOpaque.ToString() ?? "",
        _ => Print(value),
    };

    /// <summary>The shortest text that reads back the same, written as Go writes it: <c>1e+21</c>, <c>NaN</c>, <c>+Inf</c>.</summary>
    public static string Number(double number)
    {
        if (double.IsNaN(number))
        {
            return "NaN";
        }

        if (double.IsInfinity(number))
        {
            return number > 0 ? "+Inf" : "-Inf";
        }

        if (number == 0)
        {
            return double.IsNegative(number) ? "-0" : "0";
        }

        var text = number.ToString("E16", CultureInfo.InvariantCulture);
        var exponent = int.Parse(text.AsSpan(text.IndexOf('E') + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        var shortest = number.ToString("R", CultureInfo.InvariantCulture);
        if (exponent is >= -4 and < 21)
        {
            return shortest.Contains('E') ? ((decimal)number).ToString("0.############################", CultureInfo.InvariantCulture) : shortest;
        }

        var digits = shortest.Split('E')[0].Replace(".", "", StringComparison.Ordinal).TrimStart('-').TrimStart('0').TrimEnd('0');
        var mantissa = digits.Length > 1 ? $"{digits[0]}.{digits[1..]}" : digits;
        return $"{(number < 0 ? "-" : "")}{mantissa}e{(exponent < 0 ? "-" : "+")}{Math.Abs(exponent):00}";
    }

    public static string Quote(string text)
    {
        var made = new StringBuilder(text.Length + 2).Append('"');
        foreach (var c in text)
        {
            _ = c switch
            {
                '"' => made.Append("\\\""),
                '\\' => made.Append("\\\\"),
                '\n' => made.Append("\\n"),
                '\r' => made.Append("\\r"),
                '\t' => made.Append("\\t"),
                < ' ' => made.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
                _ => made.Append(c),
            };
        }

        return made.Append('"').ToString();
    }
}
