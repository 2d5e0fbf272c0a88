using Xunit;

namespace GrainKube.Resources.Tests.Batch.CronJobs;

public sealed class CronJobValidatorTests
{
    [Theory]
    [InlineData("* * * *", "expected exactly 5 fields, found 4: [* * * *]")]
    [InlineData("70 * * * *", "end of range (70) above maximum (59): 70")]
    [InlineData("0 0 0 * *", "beginning of range (0) below minimum (1): 0")]
    [InlineData("5-3 * * * *", "beginning of range (5) beyond end of range (3): 5-3")]
    [InlineData("*/0 * * * *", "step of range should be a positive number: */0")]
    [InlineData("1-2-3 * * * *", "too many hyphens: 1-2-3")]
    [InlineData("*/2/3 * * * *", "too many slashes: */2/3")]
    [InlineData("x * * * *", "failed to parse int from x: strconv.Atoi: parsing \\\"x\\\": invalid syntax")]
    [InlineData("* * * * 7", "end of range (7) above maximum (6): 7")]
    [InlineData("@often", "unrecognized descriptor: @often")]
    public void A_wrong_schedule_is_told_in_upstreams_words(string schedule, string problem) =>
        Assert.Equal([$"spec.schedule: Invalid value: \"{schedule}\": {problem.Replace("\\\"", "\"", StringComparison.Ordinal)}"], Errors(schedule, ""));

    [Theory]
    [InlineData("0 0 * * *")]
    [InlineData("*/5 1-5,7 ? JAN-MAR mon")]
    [InlineData("@every 1h30m")]
    [InlineData("@midnight")]
    public void A_schedule_that_upstream_takes_is_taken(string schedule) => Assert.Empty(Errors(schedule, ""));

    [Fact]
    public void Zones_must_be_known_and_stand_in_their_field()
    {
        Assert.Equal(["spec.timeZone: Invalid value: \"Europe/InvalidRome\": unknown time zone Europe/InvalidRome"], Errors("0 0 * * *", "\"timeZone\":\"Europe/InvalidRome\","));
        Assert.Equal(
            ["spec.timeZone: Invalid value: \"Local\": timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones"],
            Errors("0 0 * * *", "\"timeZone\":\"Local\","));
        Assert.Equal(["spec.schedule: Invalid value: \"TZ=UTC 0 0 * * *\": cannot use TZ or CRON_TZ in schedule, use timeZone field instead"], Errors("TZ=UTC 0 0 * * *", ""));
        Assert.Empty(Errors("0 0 * * *", "\"timeZone\":\"Europe/Rome\","));
    }

    [Fact]
    public void Everything_wrong_is_told_at_once() => Assert.Equal(
        [
            "metadata.name: Invalid value: \"" + new string('a', 53) + "\": must be no more than 52 characters",
            "spec.concurrencyPolicy: Unsupported value: \"Maybe\": supported values: \"Allow\", \"Forbid\", \"Replace\"",
            "spec.failedJobsHistoryLimit: Invalid value: -1: must be greater than or equal to 0",
            "spec.jobTemplate.spec.manualSelector: Unsupported value: true: supported values: \"nil\", \"false\"",
            "spec.jobTemplate.spec.template.spec.restartPolicy: Required value: valid values: \"OnFailure\", \"Never\"",
            "spec.startingDeadlineSeconds: Invalid value: -5: must be greater than or equal to 0",
        ],
        Written.Create("cronjobs.batch", $$"""
            {"metadata":{"name":"{{new string('a', 53)}}"},"spec":{"schedule":"@daily","concurrencyPolicy":"Maybe","failedJobsHistoryLimit":-1,"startingDeadlineSeconds":-5,
             "jobTemplate":{"spec":{"manualSelector":true,"template":{"spec":{"containers":[{"name":"c","image":"x"}]} } } } } }
            """).Errors);

    private static string[] Errors(string schedule, string spec) => Written.Create("cronjobs.batch", $$"""
        {"metadata":{"name":"c"},"spec":{ {{spec}}"schedule":"{{schedule}}","jobTemplate":{"spec":{"template":{"spec":{"restartPolicy":"Never","containers":[{"name":"c","image":"x"}]} } } } } }
        """).Errors;
}
