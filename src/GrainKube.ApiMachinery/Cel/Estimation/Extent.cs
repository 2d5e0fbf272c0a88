namespace GrainKube.ApiMachinery.Cel.Estimation;

/// <summary>The least and the most that something may cost or hold. Sums and products stay at the greatest number instead of passing it.</summary>
internal readonly record struct Extent(ulong Min, ulong Max)
{
    /// <summary>Reading a string costs this much for each character.</summary>
    public const double Scan = 0.1;

    /// <summary>A regular expression costs this much for each of its characters.</summary>
    public const double Regex = 0.25;

    public static Extent Zero { get; }
    public static Extent One { get; } = Of(1);
    public static Extent Unknown { get; } = new(0, ulong.MaxValue);

    public static Extent Of(ulong amount) => new(amount, amount);

    public Extent Plus(Extent other) => new(Sum(Min, other.Min), Sum(Max, other.Max));

    public Extent Plus(ulong amount) => Plus(Of(amount));

    public Extent Times(Extent other) => new(Product(Min, other.Min), Product(Max, other.Max));

    /// <summary>Rounded up.</summary>
    public Extent Times(double factor) => new(Product(Min, factor), Product(Max, factor));

    /// <summary>One of both.</summary>
    public Extent Or(Extent other) => new(Math.Min(Min, other.Min), Math.Max(Max, other.Max));

    internal static ulong Product(ulong a, ulong b) => b != 0 && a > ulong.MaxValue / b ? ulong.MaxValue : a * b;

    private static ulong Sum(ulong a, ulong b) => a > ulong.MaxValue - b ? ulong.MaxValue : a + b;

    private static ulong Product(ulong a, double factor)
    {
        var product = Math.Ceiling(a * factor);
        return product >= ulong.MaxValue ? ulong.MaxValue : (ulong)product;
    }
}
