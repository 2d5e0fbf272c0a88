using System.Globalization;

namespace GrainKube.Docker.Engine;

/// <summary>The engine's way of writing times.</summary>
internal static class EngineTime
{
    /// <summary>Null for the zero time, by which the engine says "not yet".</summary>
    public static DateTimeOffset? Parse(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time) && time.Year > 1
            ? time
            : null;

    public static DateTimeOffset From(DateTime time) => new(DateTime.SpecifyKind(time, time.Kind == DateTimeKind.Unspecified ? DateTimeKind.Utc : time.Kind));

    /// <summary>Without the fraction of a second.</summary>
    public static DateTimeOffset Seconds(DateTime time) => From(new DateTime(time.Ticks - (time.Ticks % TimeSpan.TicksPerSecond), time.Kind));

    /// <summary>Seconds since the epoch with a fraction, as queries want it.</summary>
    public static string Query(DateTimeOffset time)
    {
        var ticks = time.UtcTicks - DateTimeOffset.UnixEpoch.Ticks;
        return string.Create(CultureInfo.InvariantCulture, $"{ticks / TimeSpan.TicksPerSecond}.{ticks % TimeSpan.TicksPerSecond * 100:D9}");
    }
}
