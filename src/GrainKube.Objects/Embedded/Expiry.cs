namespace GrainKube.Objects.Embedded;

/// <summary>When a key expires: on whole minutes, so that what was written in one minute goes in one.</summary>
internal static class Expiry
{
    /// <param name="now">Milliseconds since the epoch.</param>
    /// <returns>Milliseconds since the epoch.</returns>
    public static long At(long now, TimeSpan expiry)
    {
        const long minute = 60_000;
        var exact = now + (long)expiry.TotalMilliseconds;
        return (exact + minute - 1) / minute * minute;
    }
}
