using GrainKube.ApiServer.Admission.Tolerations;
using Xunit;

namespace GrainKube.ApiServer.Tests.Admission.Tolerations;

public sealed class DefaultTolerationSecondsTests
{
    private const string NotReady = """{"key":"node.kubernetes.io/not-ready","operator":"Exists","effect":"NoExecute","tolerationSeconds":300}""";
    private const string Unreachable = """{"key":"node.kubernetes.io/unreachable","operator":"Exists","effect":"NoExecute","tolerationSeconds":300}""";
    private const string Mine = """{"key":"node.kubernetes.io/not-ready","operator":"Exists","tolerationSeconds":1}""";

    [Theory]
    [InlineData("{}", $"[{NotReady},{Unreachable}]")]
    [InlineData($$"""{"tolerations":[{{Mine}}]}""", $"[{Mine},{Unreachable}]")]
    [InlineData("""{"tolerations":[{"operator":"Exists"}]}""", """[{"operator":"Exists"}]""")]
    [InlineData("""{"tolerations":[{"key":"a"}]}""", $$"""[{"key":"a"},{{NotReady}},{{Unreachable}}]""")]
    public async Task What_is_not_said_is_five_minutes(string spec, string tolerations)
    {
        var plugin = new DefaultTolerationSeconds();
        Assert.Equal(tolerations, (await Asking.Pod(spec).ThroughAsync(plugin))["spec"]!["tolerations"]!.ToJsonString());
    }
}
