using System.Text.Json.Nodes;
using Xunit;

namespace GrainKube.Resources.Tests.Core.Pods;

public sealed class PodDefaultsTests
{
    [Fact]
    public void A_small_pod_gets_what_the_api_says()
    {
        var (pod, errors) = Written.Create("pods", """{"metadata":{"name":"p"},"spec":{"containers":[{"name":"c","image":"nginx"}]}}""");
        Assert.Empty(errors);
        Same(
            """
            {"containers":[{"name":"c","image":"nginx","resources":{},"imagePullPolicy":"Always","terminationMessagePath":"/dev/termination-log","terminationMessagePolicy":"File"}],
            "restartPolicy":"Always","terminationGracePeriodSeconds":30,"dnsPolicy":"ClusterFirst","securityContext":{},"schedulerName":"default-scheduler","enableServiceLinks":true}
            """,
            pod["spec"]);
        Same("""{"phase":"Pending","qosClass":"BestEffort"}""", pod["status"]);
    }

    [Fact]
    public void Probes_ports_and_references_get_their_defaults()
    {
        var (pod, errors) = Written.Create("pods", """
            {"metadata":{"name":"p"},"spec":{"hostNetwork":true,"containers":[{"name":"c","image":"a:1","ports":[{"containerPort":80}],
            "env":[{"name":"N","valueFrom":{"fieldRef":{"fieldPath":"metadata.name"}}},{"name":"R","valueFrom":{"resourceFieldRef":{"resource":"limits.cpu"}}}],
            "livenessProbe":{"httpGet":{"port":80}},"readinessProbe":{"tcpSocket":{"port":"http"},"timeoutSeconds":0}}]}}
            """);
        Assert.Empty(errors);
        var container = pod["spec"]!["containers"]![0]!;
        Same("""[{"containerPort":80,"hostPort":80,"protocol":"TCP"}]""", container["ports"]);
        Same(
            """[{"name":"N","valueFrom":{"fieldRef":{"fieldPath":"metadata.name","apiVersion":"v1"}}},{"name":"R","valueFrom":{"resourceFieldRef":{"resource":"limits.cpu","divisor":"0"}}}]""",
            container["env"]);
        Same(
            """{"httpGet":{"port":80,"path":"/","scheme":"HTTP"},"timeoutSeconds":1,"periodSeconds":10,"successThreshold":1,"failureThreshold":3}""",
            container["livenessProbe"]);
        Same("""{"tcpSocket":{"port":"http"},"timeoutSeconds":1,"periodSeconds":10,"successThreshold":1,"failureThreshold":3}""", container["readinessProbe"]);
    }

    [Fact]
    public void Volumes_get_their_modes()
    {
        var (pod, errors) = Written.Create("pods", """
            {"metadata":{"name":"p"},"spec":{"serviceAccountName":"sa","containers":[{"name":"c","image":"a:1"}],"volumes":[{"name":"n"},{"name":"a","secret":{"secretName":"x"}},
            {"name":"b","projected":{"sources":[{"serviceAccountToken":{"path":"t"}}]}},{"name":"c","hostPath":{"path":"/x"}}]}}
            """);
        Assert.Empty(errors);
        Same(
            """
            [{"name":"n","emptyDir":{}},{"name":"a","secret":{"secretName":"x","defaultMode":420}},
            {"name":"b","projected":{"sources":[{"serviceAccountToken":{"path":"t","expirationSeconds":3600}}],"defaultMode":420}},{"name":"c","hostPath":{"path":"/x","type":""}}]
            """,
            pod["spec"]!["volumes"]);
        Assert.Equal("sa", pod["spec"]!["serviceAccount"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("""{"limits":{"cpu":"1","memory":"1Gi"}}""", "Guaranteed")]
    [InlineData("""{"limits":{"cpu":"1"}}""", "Burstable")]
    [InlineData("""{"requests":{"memory":"1Gi"}}""", "Burstable")]
    [InlineData("""{"limits":{"cpu":"1","memory":"1Gi"},"requests":{"cpu":"500m"}}""", "Burstable")]
    [InlineData("""{"limits":{"ephemeral-storage":"1Gi"}}""", "BestEffort")]
    public void The_quality_of_service_comes_from_the_resources(string resources, string expected)
    {
        var (pod, errors) = Written.Create("pods", $$$"""{"metadata":{"name":"p"},"spec":{"containers":[{"name":"c","image":"a:1","resources":{{{resources}}}}]}}""");
        Assert.Empty(errors);
        Assert.Equal(expected, pod["status"]!["qosClass"]!.GetValue<string>());
    }

    [Fact]
    public void Limits_become_requests_where_none_are_given()
    {
        var (pod, _) = Written.Create("pods", """{"metadata":{"name":"p"},"spec":{"containers":[{"name":"c","image":"a:1","resources":{"limits":{"cpu":"1000m","memory":"1024Mi"},"requests":{"cpu":"0.1"}}}]}}""");
        Same("""{"limits":{"cpu":"1","memory":"1Gi"},"requests":{"cpu":"100m","memory":"1Gi"}}""", pod["spec"]!["containers"]![0]!["resources"]);
    }

    private static void Same(string expected, JsonNode? actual) =>
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), actual), actual?.ToJsonString());
}
