using Xunit;

namespace GrainKube.Resources.Tests.Node.RuntimeClasses;

public sealed class RuntimeClassValidatorTests
{
    private const string Resource = "runtimeclasses.node.k8s.io";

    [Fact]
    public void A_sound_one_is_accepted() => Assert.Empty(Written.Create(Resource, """{"metadata":{"name":"one"},"handler":"kata","overhead":{"podFixed":{"cpu":"100m"}}}""").Errors);

    [Theory]
    [InlineData("""{"metadata":{"name":"one"},"handler":"A","overhead":{"podFixed":{"x":"1"}},"scheduling":{"tolerations":[{"key":"a","operator":"Exists"},{"key":"a","operator":"Exists"}]}}""", "handler: Invalid value: \"A\": a lowercase RFC 1123 label", "overhead.limits[x]: Invalid value: \"x\": must be a standard resource for containers", "overhead.limits[x]: Invalid value: \"x\": must be a standard resource type or fully qualified", "scheduling.tolerations[1]: Duplicate value: {")]
    public void What_is_wrong_is_told(string json, params string[] errors) =>
        Written.AssertBegins(errors, Written.Create(Resource, json).Errors);

    [Theory]
    [InlineData("""{"metadata":{"name":"one"},"handler":"kata"}""", """{"handler":"runc"}""", "handler: Invalid value: \"runc\": field is immutable")]
    public void What_may_not_change_is_told(string before, string after, params string[] errors) =>
        Written.AssertBegins(errors, Written.Change(Resource, before, after).Errors);
}
