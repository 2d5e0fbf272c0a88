using GrainKube.Resources.Batch.CronJobs;

namespace GrainKube.Controllers.CronJobs;

/// <summary>Which start of a schedule is due, and when to look again. Pure; the rules are those of upstream's controller.</summary>
/// <param name="Due">The last start that has come and was not made; null where there is none.</param>
/// <param name="MissedMany">More than a hundred starts have passed unmade.</param>
/// <param name="Next">When the next start comes; null where there is never another.</param>
/// <param name="Problem">Why the schedule cannot be followed; null where it can.</param>
internal sealed record CronTimes(DateTimeOffset? Due, bool MissedMany, DateTimeOffset? Next, string? Problem)
{
    private const int Many = 100;

    /// <param name="schedule">When it is due.</param>
    /// <param name="since">The last start that was made, or when the CronJob was created.</param>
    /// <param name="deadline">How late a start may be; null means any.</param>
    /// <param name="now">The time.</param>
    public static CronTimes At(CronSchedule schedule, DateTimeOffset since, TimeSpan? deadline, DateTimeOffset now)
    {
        var earliest = deadline is { } late && now - late > since ? now - late : since;
        var (due, missed, problem) = MostRecent(schedule, earliest, now);
        var last = deadline is null ? due : MostRecent(schedule, since, now).Due;
        return new CronTimes(due, missed > Many, problem is null ? schedule.Next(last ?? since) : schedule.Next(now), problem);
    }

    private static (DateTimeOffset? Due, long Missed, string? Problem) MostRecent(CronSchedule schedule, DateTimeOffset earliest, DateTimeOffset now)
    {
        if (schedule.Next(earliest) is not { } first)
        {
            return (null, 0, "time difference between two schedules is less than 1 second");
        }

        if (now < first)
        {
            return (null, 0, null);
        }

        if (schedule.Next(first) is not { } second || now < second)
        {
            return (first, 0, null);
        }

        // Starts are not even (months, nights of a clock change): jump close to now and walk the rest.
        var step = TimeSpan.FromSeconds(Math.Max(1, Math.Round((second - first).TotalSeconds)));
        var missed = ((now - first) / step) + 1;
        var due = first;
        for (var at = schedule.Next(first + (Math.Max(0, Math.Floor(missed) - 2) * step)); at is { } start && start <= now; at = schedule.Next(start))
        {
            due = start;
        }

        return (due, (long)missed, null);
    }
}
