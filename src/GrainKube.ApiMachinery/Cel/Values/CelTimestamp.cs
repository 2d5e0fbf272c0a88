namespace GrainKube.ApiMachinery.Cel.Values;

/// <summary>A moment, exact to the nanosecond, between the years 1 and 9999.</summary>
/// <param name="Seconds">Since 1970, UTC.</param>
/// <param name="Nanoseconds">0 to 999,999,999.</param>
public sealed record CelTimestamp(long Seconds, int Nanoseconds) : IComparable<CelTimestamp>
{
    private const long First = -62135596800;
    private const long Last = 253402300799;

    /// <summary>The moment as .NET has it, to 100 ns.</summary>
    public DateTimeOffset Moment => DateTimeOffset.FromUnixTimeSeconds(Seconds).AddTicks(Nanoseconds / 100);

    public static CelTimestamp Of(DateTimeOffset moment)
    {
        var seconds = moment.ToUnixTimeSeconds();
        return new CelTimestamp(seconds, (int)(moment.UtcTicks - DateTimeOffset.FromUnixTimeSeconds(seconds).Ticks) * 100);
    }

    /// <summary>Null where the sum is outside the years that are known.</summary>
    public CelTimestamp? Plus(Int128 nanoseconds)
    {
        var all = Nanos + nanoseconds;
        var seconds = all / 1_000_000_000;
        var rest = (int)(all % 1_000_000_000);
        if (rest < 0)
        {
            (seconds, rest) = (seconds - 1, rest + 1_000_000_000);
        }

        return seconds < First || seconds > Last ? null : new CelTimestamp((long)seconds, rest);
    }

    internal Int128 Nanos => ((Int128)Seconds * 1_000_000_000) + Nanoseconds;

    public int CompareTo(CelTimestamp? other) => other is null ? 1 : Nanos.CompareTo(other.Nanos);
}
