using Xunit;

namespace GrainKube.Resources.Tests.Core.Pods;

public sealed class AppArmorAnnotationsTests
{
    private const string Key = "container.apparmor.security.beta.kubernetes.io/c";

    [Theory]
    [InlineData("unconfined", "", """{"type":"Unconfined"}""")]
    [InlineData("runtime/default", "", """{"type":"RuntimeDefault"}""")]
    [InlineData("localhost/mine", "", """{"type":"Localhost","localhostProfile":"mine"}""")]
    [InlineData("unconfined", ""","securityContext":{"appArmorProfile":{"type":"RuntimeDefault"}}""", """{"type":"Unconfined"}""")]
    [InlineData("runtime/default", ""","securityContext":{"appArmorProfile":{"type":"RuntimeDefault"}}""", null)]
    [InlineData("runtime/default", ""","os":{"name":"windows"}""", null)]
    public void The_annotation_becomes_the_field_where_the_pod_does_not_say_so_already(string annotation, string ofPod, string? field)
    {
        var pod = $$$"""{"metadata":{"name":"p","namespace":"default","annotations":{"{{{Key}}}":"{{{annotation}}}"}},"spec":{"containers":[{"name":"c","image":"i"}]{{{ofPod}}}}}""";

        var container = Written.Create("pods", pod).Item["spec"]!["containers"]![0]!;

        Assert.Equal(field, container["securityContext"]?["appArmorProfile"]?.ToJsonString());
    }
}
