using Xunit;

namespace GrainKube.Resources.Tests;

public sealed class FieldPathTests
{
    private const string Json = """{"data":{"spec":{"nodeName":"wrong"}},"spec":{"list":[{"nodeName":"wrong"}],"nodeName":"n\u0031","on":true,"count":7,"none":null}}""";

    [Theory]
    [InlineData("spec.nodeName", "n1")]
    [InlineData("spec.on", "true")]
    [InlineData("spec.count", "7")]
    [InlineData("spec.none", "absent")]
    [InlineData("spec.missing", "absent")]
    [InlineData("spec.nodeName.deeper", "absent")]
    [InlineData("status.phase", "absent")]
    [InlineData("spec", "absent")]
    public void A_scalar_is_read_from_its_place(string path, string expected) =>
        Assert.Equal(expected, FieldPath.Reader(path, "absent")(Sample.Of("configmaps", Json)));

    [Fact]
    public void A_pod_that_says_nothing_is_not_on_the_host_network()
    {
        var pods = BuiltInResources.All.Single(d => d.GroupResource.ToString() == "pods");
        Assert.Equal("false", pods.SelectableFields["spec.hostNetwork"](Sample.Of(pods)));
        Assert.Equal("", pods.SelectableFields["spec.nodeName"](Sample.Of(pods)));
    }
}
