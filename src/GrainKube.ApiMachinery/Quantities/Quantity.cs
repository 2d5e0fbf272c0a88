using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace GrainKube.ApiMachinery.Quantities;

/// <summary>
/// An amount of a resource, exact to a billionth and at most 2⁶³-1 either way, with the family of suffixes it is written in.
/// <c>1</c>, <c>1000m</c> and <c>1e0</c> are equal in value; <see cref="ToString"/> gives the one canonical text that upstream stores.
/// </summary>
/// <remarks>Equality and order look only at the value.</remarks>
public readonly struct Quantity : IEquatable<Quantity>, IComparable<Quantity>
{
    internal static readonly Int128 MaximumNanos = (Int128)long.MaxValue * 1_000_000_000;
    private const string DecimalSuffixes = "num kMGTPE";
    private const string BinarySuffixes = " KMGTPE";
    private readonly Int128 nanos;

    internal Quantity(Int128 nanos, QuantityFormat format) =>
        (this.nanos, Format) = (Int128.Clamp(nanos, -MaximumNanos, MaximumNanos), format);

    public static Quantity Zero => default;

    public QuantityFormat Format { get; }

    public bool IsZero => nanos == 0;

    /// <summary>-1, 0 or 1.</summary>
    public int Sign => Int128.Sign(nanos);

    /// <summary>Whole units, rounded away from zero.</summary>
    public long Value => RoundedUp(1_000_000_000);

    /// <summary>Thousandths, rounded away from zero; saturates.</summary>
    public long MilliValue => RoundedUp(1_000_000);

    /// <summary>True when the amount is a whole number of units.</summary>
    public bool IsWhole => nanos % 1_000_000_000 == 0;

    /// <summary>True when the amount is a whole number of thousandths.</summary>
    public bool IsWholeMilli => nanos % 1_000_000 == 0;

    public static Quantity FromUnits(long units, QuantityFormat format = QuantityFormat.DecimalSI) => new((Int128)units * 1_000_000_000, format);

    public static Quantity FromMilli(long thousandths, QuantityFormat format = QuantityFormat.DecimalSI) => new((Int128)thousandths * 1_000_000, format);

    /// <exception cref="FormatException">The text is no quantity; the message is upstream's.</exception>
    public static Quantity Parse(ReadOnlySpan<char> text) =>
        TryParse(text, out var quantity, out var complaint) ? quantity : throw new FormatException(complaint);

    /// <param name="text">Without white space around it.</param>
    /// <param name="quantity">What was read.</param>
    /// <param name="complaint">Upstream's message when the text is no quantity.</param>
    public static bool TryParse(ReadOnlySpan<char> text, out Quantity quantity, [NotNullWhen(false)] out string? complaint)
    {
        complaint = QuantityParser.TryParse(text, out var value, out var format);
        quantity = complaint is null ? new Quantity(value, format) : default;
        return complaint is null;
    }

    /// <summary>The format of the sum is the left one's, unless that is zero.</summary>
    public static Quantity operator +(Quantity left, Quantity right) => new(left.nanos + right.nanos, left.IsZero ? right.Format : left.Format);

    public static Quantity operator -(Quantity left, Quantity right) => new(left.nanos - right.nanos, left.IsZero ? right.Format : left.Format);

    public static Quantity operator -(Quantity value) => new(-value.nanos, value.Format);

    public static bool operator ==(Quantity left, Quantity right) => left.nanos == right.nanos;

    public static bool operator !=(Quantity left, Quantity right) => left.nanos != right.nanos;

    public static bool operator <(Quantity left, Quantity right) => left.nanos < right.nanos;

    public static bool operator >(Quantity left, Quantity right) => left.nanos > right.nanos;

    public static bool operator <=(Quantity left, Quantity right) => left.nanos <= right.nanos;

    public static bool operator >=(Quantity left, Quantity right) => left.nanos >= right.nanos;

    public int CompareTo(Quantity other) => nanos.CompareTo(other.nanos);

    public bool Equals(Quantity other) => nanos == other.nanos;

    public override bool Equals(object? obj) => obj is Quantity other && Equals(other);

    public override int GetHashCode() => nanos.GetHashCode();

    /// <summary>The canonical text: no fraction, the largest suffix that allows it.</summary>
    public override string ToString()
    {
        if (nanos == 0)
        {
            return "0";
        }

        // Upstream leaves the binary family for small and for broken amounts, which it could not show exactly.
        return Format == QuantityFormat.BinarySI && IsWhole && Int128.Abs(nanos) >= (Int128)1024 * 1_000_000_000 ? BinaryText() : DecimalText();
    }

    internal static Int128 PowerOfTen(int exponent)
    {
        Int128 power = 1;
        for (var i = 0; i < exponent; i++)
        {
            power *= 10;
        }

        return power;
    }

    private string BinaryText()
    {
        var value = (long)(nanos / 1_000_000_000);
        var suffix = 0;
        while (value % 1024 == 0 && suffix < BinarySuffixes.Length - 1)
        {
            value /= 1024;
            suffix++;
        }

        var digits = value.ToString(CultureInfo.InvariantCulture);
        return suffix == 0 ? digits : $"{digits}{BinarySuffixes[suffix]}i";
    }

    private string DecimalText()
    {
        var value = nanos;
        var suffix = 0;
        while (suffix < DecimalSuffixes.Length - 1 && value % 1000 == 0)
        {
            value /= 1000;
            suffix++;
        }

        var digits = ((long)value == value ? ((long)value).ToString(CultureInfo.InvariantCulture) : value.ToString(CultureInfo.InvariantCulture));
        if (suffix == 3)
        {
            return digits;
        }

        return Format == QuantityFormat.DecimalExponent
            ? string.Create(CultureInfo.InvariantCulture, $"{digits}e{(suffix - 3) * 3}")
            : digits + DecimalSuffixes[suffix];
    }

    private long RoundedUp(long unit)
    {
        var (whole, rest) = Int128.DivRem(nanos, unit);
        return (long)Int128.Clamp(whole + Int128.Sign(rest), long.MinValue, long.MaxValue);
    }
}
