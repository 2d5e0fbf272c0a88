using GrainKube.Docker.Containers;

namespace GrainKube.Docker.Tests.Containers;

public sealed class EngineAgeTests
{
    private static readonly DateTimeOffset Now = new(2030, 1, 2, 3, 4, 5, TimeSpan.Zero);

    [Theory]
    [InlineData("Up Less than a second", 0.4, true)]
    [InlineData("Up 1 second", 1.9, true)]
    [InlineData("Up 5 seconds", 5.5, true)]
    [InlineData("Up 5 seconds", 65, false)]
    [InlineData("Up About a minute", 119, true)]
    [InlineData("Up 59 minutes", 3599, true)]
    [InlineData("Up 3 seconds", 3599, false)]
    [InlineData("Up About an hour", 3600 * 1.4, true)]
    [InlineData("Up 2 hours", 3600 * 1.6, true)]
    [InlineData("Up 2 hours (healthy)", 3600 * 2.4, true)]
    [InlineData("Up 2 days", 86400 * 2.9, true)]
    [InlineData("Up 6 weeks", 86400 * 45, true)]
    [InlineData("Up 2 months", 86400 * 85, true)]
    [InlineData("Up 2 weeks", 86400, false)]
    [InlineData("Exited (137) 3 minutes ago", 200, true)]
    [InlineData("Exited (0) About a minute ago", 3, false)]
    public void An_age_fits_the_sentence_that_the_engine_has_for_it(string status, double seconds, bool fits) =>
        Assert.Equal(fits, EngineAge.Parse(status)!.Value.Fits(Now - TimeSpan.FromSeconds(seconds), Now, Now));

    [Theory]
    [InlineData("")]
    [InlineData("Created")]
    [InlineData("Dead")]
    [InlineData("Up")]
    [InlineData("Removal In Progress")]
    [InlineData("Restarting (1) 5 seconds ago")]
    [InlineData("Up many moons")]
    public void Other_sentences_tell_nothing(string status) => Assert.Null(EngineAge.Parse(status));

    [Theory]
    [InlineData("Exited (137) 3 minutes ago", 137)]
    [InlineData("Exited (0) 3 minutes ago", 0)]
    [InlineData("Up 3 minutes", null)]
    public void An_exit_code_is_read(string status, int? code) => Assert.Equal(code, EngineAge.ExitCodeIn(status));

    [Fact]
    public void A_slow_answer_is_no_contradiction() =>
        Assert.True(EngineAge.Parse("Up 2 seconds")!.Value.Fits(Now - TimeSpan.FromSeconds(2), asked: Now, answered: Now + TimeSpan.FromSeconds(9)));
}
