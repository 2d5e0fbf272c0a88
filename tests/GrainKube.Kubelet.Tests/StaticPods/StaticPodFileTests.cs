using System.Text;
using GrainKube.Kubelet.StaticPods;

namespace GrainKube.Kubelet.Tests.StaticPods;

public sealed class StaticPodFileTests
{
    [Fact]
    public void A_manifest_becomes_a_pod_of_the_node()
    {
        var pod = Read("apiVersion: v1\nkind: Pod\nmetadata: {name: db}\nspec: {containers: [{name: a, image: b}]}");
        var (metadata, annotations) = (pod["metadata"]!, pod["metadata"]!["annotations"]!);
        Assert.Equal(("db-node-1", "default", "node-1"), ((string?)metadata["name"], (string?)metadata["namespace"], (string?)pod["spec"]!["nodeName"]));
        Assert.Equal((string?)annotations["kubernetes.io/config.hash"], (string?)annotations["kubernetes.io/config.mirror"]);
        Assert.Equal("file", (string?)annotations["kubernetes.io/config.source"]);
        Assert.Equal("NoExecute", (string?)pod["spec"]!["tolerations"]![0]!["effect"]);
        Assert.Equal(("Node", "uid-1"), ((string?)metadata["ownerReferences"]![0]!["kind"], (string?)metadata["ownerReferences"]![0]!["uid"]));
    }

    [Fact]
    public void Another_content_is_another_pod() => Assert.NotEqual(
        (string?)Read("""{"apiVersion":"v1","kind":"Pod","metadata":{"name":"x"},"spec":{}}""")["metadata"]!["annotations"]!["kubernetes.io/config.hash"],
        (string?)Read("""{"apiVersion":"v1","kind":"Pod","metadata":{"name":"x"},"spec":{"hostNetwork":true}}""")["metadata"]!["annotations"]!["kubernetes.io/config.hash"]);

    [Theory]
    [InlineData("")]
    [InlineData("just words")]
    [InlineData("kind: Service\napiVersion: v1\nmetadata: {name: x}\nspec: {}")]
    [InlineData("kind: Pod\napiVersion: v1\nspec: {}")]
    [InlineData("a: [unclosed")]
    public void What_is_no_pod_is_refused(string content) => Assert.Throws<FormatException>(() => Read(content));

    private static System.Text.Json.Nodes.JsonObject Read(string content) => StaticPodFile.Read(Encoding.UTF8.GetBytes(content), "node-1", "uid-1", "2030-01-01T00:00:00Z");
}
