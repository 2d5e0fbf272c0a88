using System.Numerics;

namespace GrainKube.ApiMachinery.Quantities;

/// <summary>Reads the text of a quantity: sign, decimal number, suffix.</summary>
internal static class QuantityParser
{
    public const string WrongFormat = "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";
    private const string WrongNumber = "unable to parse numeric part of quantity";
    private const string WrongSuffix = "unable to parse quantity's suffix";

    /// <summary>Returns null and the value in billionths, or upstream's complaint.</summary>
    public static string? TryParse(ReadOnlySpan<char> text, out Int128 nanos, out QuantityFormat format)
    {
        nanos = 0;
        format = QuantityFormat.DecimalSI;
        if (text.IsEmpty)
        {
            return WrongFormat;
        }

        var at = text[0] is '+' or '-' ? 1 : 0;
        var negative = text[0] == '-';
        var start = at;
        var point = -1;
        for (; at < text.Length && (char.IsAsciiDigit(text[at]) || (text[at] == '.' && point < 0)); at++)
        {
            if (text[at] == '.')
            {
                point = at;
            }
        }

        var number = text[start..at];
        if (SuffixError(text[at..], out var power, out var isBinary, ref format) is { } complaint)
        {
            return complaint;
        }

        if (number.IsEmpty || number is ".")
        {
            return at == 0 || text.Length == start ? WrongFormat : WrongNumber;
        }

        var scale = point < 0 ? 0 : at - point - 1;
        nanos = Scale(number, point < 0 ? -1 : point - start, scale, power, isBinary);
        nanos = negative ? -nanos : nanos;
        return null;
    }

    private static string? SuffixError(ReadOnlySpan<char> suffix, out int power, out bool isBinary, ref QuantityFormat format)
    {
        (power, isBinary) = (0, false);
        switch (suffix)
        {
            case "": return null;
            case "m": power = -3; return null;
            case "k": power = 3; return null;
            case "M": power = 6; return null;
            case "G": power = 9; return null;
            case "T": power = 12; return null;
            case "P": power = 15; return null;
            case "E": power = 18; return null;
            case "u": power = -6; return null;
            case "n": power = -9; return null;
        }

        if (suffix.Length == 2 && suffix[1] == 'i' && "KMGTPE".IndexOf(suffix[0]) is >= 0 and var step)
        {
            (power, isBinary, format) = (10 * (step + 1), true, QuantityFormat.BinarySI);
            return null;
        }

        if (suffix[0] is 'e' or 'E' && int.TryParse(suffix[1..], System.Globalization.NumberStyles.AllowLeadingSign, null, out power))
        {
            format = QuantityFormat.DecimalExponent;
            return null;
        }

        return IsShapedLikeSuffix(suffix) ? WrongSuffix : WrongFormat;
    }

    private static bool IsShapedLikeSuffix(ReadOnlySpan<char> suffix)
    {
        var at = 0;
        while (at < suffix.Length && "eEinumkKMGTP".Contains(suffix[at]))
        {
            at++;
        }

        if (at < suffix.Length && suffix[at] is '+' or '-')
        {
            at++;
        }

        while (at < suffix.Length && char.IsAsciiDigit(suffix[at]))
        {
            at++;
        }

        return at == suffix.Length;
    }

    /// <summary>Fractions of a billionth count as a whole one; more than 2⁶³-1 is cut to that, both as upstream does.</summary>
    private static Int128 Scale(ReadOnlySpan<char> number, int point, int scale, int power, bool isBinary)
    {
        // So much cannot overflow: nine digits of 2⁶⁰ billionths have 37 of the 38 digits that there is room for.
        var (most, zeros) = isBinary ? (9, 9 - scale) : (12, 9 - scale + power);
        if (number.Length <= most && zeros is >= 0 and <= 18)
        {
            Int128 fast = 0;
            for (var i = 0; i < number.Length; i++)
            {
                fast = i == point ? fast : (fast * 10) + (number[i] - '0');
            }

            return Int128.Min((isBinary ? fast << power : fast) * Quantity.PowerOfTen(zeros), Quantity.MaximumNanos);
        }

        return ScaleSlowly(number, scale, power, isBinary);
    }

    private static Int128 ScaleSlowly(ReadOnlySpan<char> number, int scale, int power, bool isBinary)
    {
        var digits = BigInteger.Parse(number.ToString().Replace(".", "", StringComparison.Ordinal), null);
        if (digits.IsZero)
        {
            return 0;
        }

        var exponent = 9 - scale + (isBinary ? 0 : power);
        if (exponent > 60)
        {
            return Quantity.MaximumNanos;
        }

        if (exponent < -5_000)
        {
            return 1;
        }

        var value = isBinary ? digits << power : digits;
        if (exponent >= 0)
        {
            value *= BigInteger.Pow(10, exponent);
        }
        else
        {
            value = BigInteger.DivRem(value, BigInteger.Pow(10, -exponent), out var rest) + (rest.IsZero ? 0 : 1);
        }

        return value > (BigInteger)Quantity.MaximumNanos ? Quantity.MaximumNanos : (Int128)value;
    }
}
