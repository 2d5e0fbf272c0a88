using CsCheck;
using GrainKube.Controllers.CronJobs;
using GrainKube.Resources.Batch.CronJobs;
using Xunit;

namespace GrainKube.Controllers.Tests.CronJobs;

public sealed class CronTimesTests
{
    private static readonly DateTimeOffset Created = new(2030, 1, 1, 10, 0, 30, TimeSpan.Zero);
    private static readonly string[] Schedules = ["* * * * *", "*/7 * * * *", "0 3 * * 1", "5 4 1,15 * 5", "@daily", "@every 90s", "59 23 31 * *"];

    [Fact]
    public void What_is_due_is_the_last_start_before_now_and_the_next_one_comes_after_now() =>
        (from schedule in Gen.Int[0, Schedules.Length - 1] from seconds in Gen.Int[0, 40 * 86400] select (schedule, seconds)).Sample(
            c =>
            {
                var schedule = CronSchedule.Parse(Schedules[c.schedule], null);
                var now = Created.AddSeconds(c.seconds);
                var times = CronTimes.At(schedule, Created, null, now);
                return times.Problem is null && times.Next > now
                    && (times.Due is null ? schedule.Next(Created) > now : times.Due > Created && times.Due <= now && schedule.Next(times.Due.Value) > now);
            },
            iter: 500);

    [Fact]
    public void A_start_that_has_not_come_is_not_due()
    {
        var times = CronTimes.At(CronSchedule.Parse("*/5 * * * *", null), Created, null, Created.AddMinutes(1));

        Assert.Equal((null, Created.AddSeconds(-30).AddMinutes(5), false), (times.Due, times.Next!.Value, times.MissedMany));
    }

    [Fact]
    public void More_than_a_hundred_missed_starts_are_many_and_a_deadline_forgets_old_ones()
    {
        var (schedule, now) = (CronSchedule.Parse("* * * * *", null), Created.AddHours(3));

        Assert.True(CronTimes.At(schedule, Created, null, now).MissedMany);
        Assert.False(CronTimes.At(schedule, Created, TimeSpan.FromMinutes(10), now).MissedMany);
    }

    [Fact]
    public void A_day_that_never_comes_is_a_problem() =>
        Assert.Equal("time difference between two schedules is less than 1 second", CronTimes.At(CronSchedule.Parse("0 0 30 2 *", null), Created, null, Created).Problem);

    [Fact]
    public void Two_fields_of_days_mean_either()
    {
        var schedule = CronSchedule.Parse("0 0 13 * 5", null);
        var next = schedule.Next(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));

        Assert.Equal(new DateTimeOffset(2030, 1, 4, 0, 0, 0, TimeSpan.Zero), next); // a Friday
        Assert.Equal(new DateTimeOffset(2030, 1, 13, 0, 0, 0, TimeSpan.Zero), schedule.Next(new DateTimeOffset(2030, 1, 11, 0, 0, 0, TimeSpan.Zero)));
    }

    [Fact]
    public void A_time_zone_moves_the_start()
    {
        var schedule = CronSchedule.Parse("0 3 * * *", "America/New_York");

        Assert.Equal(new DateTimeOffset(2030, 1, 2, 8, 0, 0, TimeSpan.Zero), schedule.Next(Created));
    }
}
