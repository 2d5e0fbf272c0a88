using Xunit;

namespace GrainKube.Resources.Tests.Core.PodTemplates;

public sealed class PodTemplateValidatorTests
{
    private const string Resource = "podtemplates";

    [Fact]
    public void A_sound_one_is_accepted() => Assert.Empty(Written.Create(Resource, """{"metadata":{"name":"one"},"template":{"spec":{"containers":[{"name":"a","image":"b"}]}}}""").Errors);

    [Theory]
    [InlineData("""{"metadata":{"name":"one"},"template":{"spec":{"containers":[]}}}""", "template.spec.containers: Required value")]
    public void What_is_wrong_is_told(string json, params string[] errors) =>
        Written.AssertBegins(errors, Written.Create(Resource, json).Errors);
}
