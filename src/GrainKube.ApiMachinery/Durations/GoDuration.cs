using GrainKube.ApiMachinery.Errors;

namespace GrainKube.ApiMachinery.Durations;

/// <summary>Durations as Go writes them (<c>30s</c>, <c>1m30s</c>, <c>-500ms</c>, <c>1.5h</c>, <c>0</c>); what <c>time.ParseDuration</c> takes is taken, and nothing else.</summary>
public static class GoDuration
{
    /// <summary>The smallest duration is as far from zero as this, the largest one less: the sums are made without a sign.</summary>
    private const ulong Most = 1UL << 63;
    private static readonly (string Name, ulong Nanoseconds)[] Units =
        [("ns", 1), ("us", 1_000), ("µs", 1_000), ("μs", 1_000), ("ms", 1_000_000), ("s", 1_000_000_000), ("m", 60_000_000_000), ("h", 3_600_000_000_000)];

    /// <summary>With what is smaller than 100 ns cut off. May be negative.</summary>
    public static bool TryParse(string text, out TimeSpan duration)
    {
        var read = Read(text, out var nanoseconds) is null;
        duration = TimeSpan.FromTicks(nanoseconds / TimeSpan.NanosecondsPerTick);
        return read;
    }

    /// <returns>Null, or what is wrong, in Go's words.</returns>
    public static string? Read(string text, out long nanoseconds)
    {
        nanoseconds = 0;
        var rest = text.AsSpan();
        var negative = rest is ['-', ..];
        if (rest is ['-' or '+', ..])
        {
            rest = rest[1..];
        }

        if (rest is "0")
        {
            return null;
        }

        if (rest.IsEmpty)
        {
            return Invalid(text);
        }

        var sum = 0UL;
        while (!rest.IsEmpty)
        {
            var before = rest.Length;
            if (!TryWhole(ref rest, out var whole))
            {
                return Invalid(text);
            }

            var digits = rest.Length != before;
            var (fraction, scale) = (0UL, 1.0);
            if (rest is ['.', ..])
            {
                rest = rest[1..];
                before = rest.Length;
                fraction = Fraction(ref rest, out scale);
                digits |= rest.Length != before;
            }

            if (!digits)
            {
                return Invalid(text);
            }

            var end = rest.IndexOfAny("0123456789.");
            var name = end < 0 ? rest : rest[..end];
            if (name.IsEmpty)
            {
                return $"time: missing unit in duration {GoQuote.Of(text)}";
            }

            if (UnitOf(name) is not { } unit)
            {
                return $"time: unknown unit {GoQuote.Of(name.ToString())} in duration {GoQuote.Of(text)}";
            }

            rest = rest[name.Length..];
            if (whole > Most / unit)
            {
                return Invalid(text);
            }

            whole = (whole * unit) + (ulong)(fraction * (unit / scale));
            if (whole > Most || (sum += whole) > Most)
            {
                return Invalid(text);
            }
        }

        if (!negative && sum == Most)
        {
            return Invalid(text);
        }

        nanoseconds = negative ? unchecked(-(long)sum) : (long)sum;
        return null;
    }

    private static string Invalid(string text) => $"time: invalid duration {GoQuote.Of(text)}";

    private static ulong? UnitOf(ReadOnlySpan<char> name)
    {
        foreach (var unit in Units)
        {
            if (name.SequenceEqual(unit.Name))
            {
                return unit.Nanoseconds;
            }
        }

        return null;
    }

    private static bool TryWhole(ref ReadOnlySpan<char> rest, out ulong number)
    {
        number = 0;
        while (rest is [>= '0' and <= '9' and var digit, ..])
        {
            if (number > Most / 10 || (number = (number * 10) + (ulong)(digit - '0')) > Most)
            {
                return false;
            }

            rest = rest[1..];
        }

        return true;
    }

    /// <summary>Digits beyond what fits count for nothing.</summary>
    private static ulong Fraction(ref ReadOnlySpan<char> rest, out double scale)
    {
        var (number, full) = (0UL, false);
        scale = 1;
        for (; rest is [>= '0' and <= '9' and var digit, ..]; rest = rest[1..])
        {
            var next = (number * 10) + (ulong)(digit - '0');
            full = full || number > (Most - 1) / 10 || next > Most;
            if (!full)
            {
                (number, scale) = (next, scale * 10);
            }
        }

        return number;
    }
}
