using Xunit;

namespace GrainKube.Resources.Tests.Core.ReplicationControllers;

public sealed class ReplicationControllerValidatorTests
{
    [Fact]
    public void A_selector_must_match_the_template() => Assert.Contains(
        Written.Create("replicationcontrollers", """
            {"metadata":{"name":"c"},"spec":{"selector":{"app":"a"},"template":{"metadata":{"labels":{"app":"b"} },"spec":{"containers":[{"name":"m","image":"i"}]} } } }
            """).Errors,
        e => e.Contains("`selector` does not match template `labels`", StringComparison.Ordinal));

    [Fact]
    public void A_selector_and_a_template_there_must_be() => Assert.Equal(
        ["spec.selector: Required value", "spec.template: Required value"],
        Written.Create("replicationcontrollers", """{"metadata":{"name":"c"},"spec":{} }""").Errors.Order(StringComparer.Ordinal));
}
