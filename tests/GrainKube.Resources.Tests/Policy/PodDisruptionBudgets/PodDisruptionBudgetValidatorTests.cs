using Xunit;

namespace GrainKube.Resources.Tests.Policy.PodDisruptionBudgets;

public sealed class PodDisruptionBudgetValidatorTests
{
    [Theory]
    [InlineData("""{"minAvailable":-1}""", "spec.minAvailable: Invalid value: -1: must be greater than or equal to 0")]
    [InlineData("""{"maxUnavailable":"101%"}""", "spec.maxUnavailable: Invalid value: \"101%\": must not be greater than 100%")]
    [InlineData("""{"unhealthyPodEvictionPolicy":"Never"}""", "spec.unhealthyPodEvictionPolicy: Unsupported value: \"Never\": supported values: \"AlwaysAllow\", \"IfHealthyBudget\"")]
    [InlineData("""{"minAvailable":1,"maxUnavailable":1}""", "spec: Invalid value: ")]
    public void What_is_wrong_is_told(string spec, params string[] errors)
    {
        var found = Written.Create("poddisruptionbudgets.policy", $$"""{"metadata":{"name":"b"},"spec":{{spec}} }""").Errors;

        Written.AssertBegins(errors, found);
    }

    [Fact]
    public void A_sound_budget_is_accepted() => Assert.Empty(Written.Create("poddisruptionbudgets.policy", """{"metadata":{"name":"b"},"spec":{"minAvailable":"50%","selector":{} } }""").Errors);
}
