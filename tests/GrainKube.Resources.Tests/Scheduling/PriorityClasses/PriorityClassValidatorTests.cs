using Xunit;

namespace GrainKube.Resources.Tests.Scheduling.PriorityClasses;

public sealed class PriorityClassValidatorTests
{
    private const string Resource = "priorityclasses.scheduling.k8s.io";

    [Fact]
    public void A_sound_one_is_accepted() => Assert.Empty(Written.Create(Resource, """{"metadata":{"name":"system-node-critical"},"value":2000001000}""").Errors);

    [Theory]
    [InlineData("""{"metadata":{"name":"system-mine"},"value":1}""", "metadata.name: Forbidden: priority class names with 'system-' prefix are reserved for system use only. error: system-mine is not a known system priority class")]
    [InlineData("""{"metadata":{"name":"one"},"value":1000000001,"preemptionPolicy":"Always"}""", "preemptionPolicy: Unsupported value: \"Always\": supported values: \"PreemptLowerPriority\", \"Never\"", "value: Forbidden: maximum allowed value of a user defined priority is 1000000000")]
    public void What_is_wrong_is_told(string json, params string[] errors) =>
        Written.AssertBegins(errors, Written.Create(Resource, json).Errors);

    [Theory]
    [InlineData("""{"metadata":{"name":"one"},"value":1}""", """{"value":2,"preemptionPolicy":"Never"}""", "preemptionPolicy: Invalid value: \"Never\": field is immutable", "value: Forbidden: may not be changed in an update.")]
    public void What_may_not_change_is_told(string before, string after, params string[] errors) =>
        Written.AssertBegins(errors, Written.Change(Resource, before, after).Errors);
}
