using System.Globalization;
using GrainKube.ApiMachinery.Cel.Checking;
using GrainKube.ApiMachinery.Cel.Values;

namespace GrainKube.ApiMachinery.Cel.Library;

/// <summary>Parts of timestamps, in UTC or a named zone, and of durations.</summary>
internal static class TimeFunctions
{
    public static void AddTo(FunctionTable table)
    {
        Part(table, "getFullYear", t => t.Year);
        Part(table, "getMonth", t => t.Month - 1);
        Part(table, "getDate", t => t.Day);
        Part(table, "getDayOfMonth", t => t.Day - 1);
        Part(table, "getDayOfWeek", t => (int)t.DayOfWeek);
        Part(table, "getDayOfYear", t => t.DayOfYear - 1);
        Part(table, "getHours", t => t.Hour);
        Part(table, "getMinutes", t => t.Minute);
        Part(table, "getSeconds", t => t.Second);
        Part(table, "getMilliseconds", t => t.Millisecond);
        table.Member("getHours", "duration -> int", static a => CelValue.Of(a[0].AsDuration / 3_600_000_000_000));
        table.Member("getMinutes", "duration -> int", static a => CelValue.Of(a[0].AsDuration / 60_000_000_000));
        table.Member("getSeconds", "duration -> int", static a => CelValue.Of(a[0].AsDuration / 1_000_000_000));
        table.Member("getMilliseconds", "duration -> int", static a => CelValue.Of(a[0].AsDuration / 1_000_000));
    }

    private static void Part(FunctionTable table, string name, Func<DateTimeOffset, int> part)
    {
        table.Member(name, "timestamp -> int", a => CelValue.Of((long)part(a[0].AsTimestamp.Moment)));
        table.Member(name, "timestamp, string -> int", a => InZone(a[0].AsTimestamp.Moment, a[1].AsString, part));
    }

    private static CelValue InZone(DateTimeOffset moment, string zone, Func<DateTimeOffset, int> part)
    {
        if (zone.Contains(':'))
        {
            var negative = zone.StartsWith('-');
            var parts = zone.TrimStart('+', '-').Split(':');
            return parts.Length == 2
                && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var hours)
                && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var minutes)
                && hours <= 23 && minutes <= 59
                && Shifted(moment, TimeSpan.FromMinutes(((hours * 60) + minutes) * (negative ? -1 : 1))) is { } shifted
                    ? CelValue.Of((long)part(shifted))
                    : CelValue.Fail($"unknown time zone {zone}");
        }

        return TimeZoneInfo.TryFindSystemTimeZoneById(zone.Length == 0 ? "UTC" : zone, out var found)
            && Shifted(moment, found.GetUtcOffset(moment)) is { } local
                ? CelValue.Of((long)part(local))
                : CelValue.Fail($"unknown time zone {zone}");
    }

    /// <summary>The clock in a zone: only its fields are read, so it may stand in UTC.</summary>
    private static DateTimeOffset? Shifted(DateTimeOffset moment, TimeSpan offset)
    {
        var ticks = moment.UtcTicks + offset.Ticks;
        return ticks < 0 || ticks > DateTimeOffset.MaxValue.Ticks ? null : new DateTimeOffset(ticks, TimeSpan.Zero);
    }
}
