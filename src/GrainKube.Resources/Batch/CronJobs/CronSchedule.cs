using System.Globalization;
using Cronos;
using GrainKube.ApiMachinery.Durations;

namespace GrainKube.Resources.Batch.CronJobs;

/// <summary>
/// When a CronJob is due. Reads what upstream's parser (<c>robfig/cron</c> v3, standard form) reads, with its error texts; <c>Cronos</c> computes the times.
/// </summary>
public sealed class CronSchedule
{
    private readonly IReadOnlyList<CronExpression> expressions;
    private readonly TimeSpan? every;
    private readonly TimeZoneInfo zone;

    private CronSchedule(IReadOnlyList<CronExpression> expressions, TimeSpan? every, TimeZoneInfo zone) => (this.expressions, this.every, this.zone) = (expressions, every, zone);

    /// <param name="schedule">Five fields, or a descriptor such as <c>@daily</c> or <c>@every 1h30m</c>.</param>
    /// <param name="timeZone">IANA name; null means UTC, the zone of our servers' clock for this purpose.</param>
    /// <exception cref="FormatException">The schedule or the zone is no good; in upstream's words.</exception>
    public static CronSchedule Parse(string schedule, string? timeZone)
    {
        if (schedule.Length == 0)
        {
            throw new FormatException("empty spec string");
        }

        if (schedule.StartsWith("TZ=", StringComparison.Ordinal) || schedule.StartsWith("CRON_TZ=", StringComparison.Ordinal))
        {
            var space = schedule.IndexOf(' ', StringComparison.Ordinal);
            timeZone = schedule[(schedule.IndexOf('=', StringComparison.Ordinal) + 1)..(space < 0 ? schedule.Length : space)];
            schedule = space < 0 ? "" : schedule[space..].Trim();
        }

        var zone = timeZone is null ? TimeZoneInfo.Utc : Zone(timeZone) ?? throw new FormatException($"unknown time zone {timeZone}");
        if (schedule.StartsWith('@'))
        {
            return Descriptor(schedule, zone);
        }

        var fields = schedule.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (fields.Length != 5)
        {
            throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"expected exactly 5 fields, found {fields.Length}: [{string.Join(' ', fields)}]"));
        }

        return new CronSchedule(Expressions(fields), null, zone);
    }

    /// <summary>The zone of that IANA name, or null.</summary>
    public static TimeZoneInfo? Zone(string name) => TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone) ? zone : null;

    /// <summary>The first time after <paramref name="after"/>; null where there will never be one (the 30th of February).</summary>
    public DateTimeOffset? Next(DateTimeOffset after)
    {
        if (every is { } period)
        {
            return after.AddTicks(-(after.Ticks % TimeSpan.TicksPerSecond)) + period;
        }

        DateTimeOffset? first = null;
        foreach (var expression in expressions)
        {
            if (expression.GetNextOccurrence(after, zone) is { } at && (first is null || at < first))
            {
                first = at;
            }
        }

        return first?.ToUniversalTime();
    }

    /// <summary>Two restricted fields of days mean either of them, as in every old cron; Cronos would take both.</summary>
    private static IReadOnlyList<CronExpression> Expressions(string[] fields)
    {
        var (minute, hour, day) = (CronField.Minute(fields[0]), CronField.Hour(fields[1]), CronField.DayOfMonth(fields[2]));
        var (month, weekday) = (CronField.Month(fields[3]), CronField.DayOfWeek(fields[4]));
        foreach (var field in (ReadOnlySpan<CronField>)[minute, hour, day, month, weekday])
        {
            if (field.Values.Count == 0)
            {
                return [];
            }
        }

        return day.IsStar || weekday.IsStar
            ? [CronExpression.Parse($"{minute} {hour} {day} {month} {weekday}")]
            : [CronExpression.Parse($"{minute} {hour} {day} {month} *"), CronExpression.Parse($"{minute} {hour} * {month} {weekday}")];
    }

    private static CronSchedule Descriptor(string text, TimeZoneInfo zone)
    {
        if (text.StartsWith("@every ", StringComparison.Ordinal))
        {
            if (GoDuration.Read(text["@every ".Length..], out var nanoseconds) is { } complaint)
            {
                throw new FormatException($"failed to parse duration {text}: {complaint}");
            }

            var period = TimeSpan.FromTicks(nanoseconds / TimeSpan.NanosecondsPerTick);
            period = period < TimeSpan.FromSeconds(1) ? TimeSpan.FromSeconds(1) : TimeSpan.FromSeconds(Math.Floor(period.TotalSeconds));
            return new CronSchedule([], period, zone);
        }

        var fields = text switch
        {
            "@yearly" or "@annually" => "0 0 1 1 *",
            "@monthly" => "0 0 1 * *",
            "@weekly" => "0 0 * * 0",
            "@daily" or "@midnight" => "0 0 * * *",
            "@hourly" => "0 * * * *",
            _ => throw new FormatException($"unrecognized descriptor: {text}"),
        };
        return new CronSchedule([CronExpression.Parse(fields)], null, zone);
    }
}
