using System.Text.Json.Nodes;
using Xunit;

namespace GrainKube.Resources.Tests.Core.Services;

public sealed class ServiceStrategyTests
{
    [Fact]
    public void A_service_gets_its_defaults()
    {
        var (service, errors) = Written.Create("services", """{"metadata":{"name":"s"},"spec":{"ports":[{"port":80}]}}""");
        Assert.Empty(errors);
        Same(
            """{"ports":[{"port":80,"protocol":"TCP","targetPort":80}],"sessionAffinity":"None","type":"ClusterIP","internalTrafficPolicy":"Cluster","ipFamilyPolicy":"SingleStack","ipFamilies":["IPv4"]}""",
            service["spec"]);
        Same("""{"loadBalancer":{}}""", service["status"]);
    }

    [Fact]
    public void A_headless_service_keeps_both_fields_in_step()
    {
        var (service, errors) = Written.Create("services", """{"metadata":{"name":"s"},"spec":{"clusterIP":"None","selector":{"a":"b"}}}""");
        Assert.Empty(errors);
        Same("""["None"]""", service["spec"]!["clusterIPs"]);
    }

    [Fact]
    public void An_update_without_addresses_keeps_those_given()
    {
        var current = Allocated("NodePort");
        var (next, errors) = Written.Update("services", current, s =>
        {
            s["spec"]!.AsObject().Remove("clusterIP");
            s["spec"]!.AsObject().Remove("clusterIPs");
            s["spec"]!["ports"]![0]!.AsObject().Remove("nodePort");
        });
        Assert.Empty(errors);
        Assert.Equal("10.96.0.9", next["spec"]!["clusterIP"]!.GetValue<string>());
        Assert.Equal(30001, next["spec"]!["ports"]![0]!["nodePort"]!.GetValue<int>());
    }

    [Theory]
    [InlineData("clusterIP")]
    [InlineData("clusterIPs")]
    public void A_client_that_knows_one_of_the_two_fields_keeps_the_address(string cleared)
    {
        var (next, errors) = Written.Update("services", Allocated("ClusterIP"), s => s["spec"]!.AsObject().Remove(cleared));
        Assert.Empty(errors);
        Assert.Equal("10.96.0.9", (string?)next["spec"]!["clusterIP"]);
        Same("""["10.96.0.9"]""", next["spec"]!["clusterIPs"]);
    }

    [Fact]
    public void A_port_of_the_same_name_keeps_its_node_port()
    {
        var (next, errors) = Written.Update("services", Allocated("NodePort"), s => s["spec"]!["ports"] = JsonNode.Parse("""[{"port":8080,"protocol":"TCP"}]"""));
        Assert.Empty(errors);
        Assert.Equal(30001, (int?)next["spec"]!["ports"]![0]!["nodePort"]);
    }

    [Fact]
    public void A_node_port_that_went_to_another_port_is_not_kept()
    {
        var (next, _) = Written.Update(
            "services", Allocated("NodePort"), s => s["spec"]!["ports"] = JsonNode.Parse("""[{"port":80,"protocol":"TCP"},{"name":"b","port":81,"protocol":"TCP","nodePort":30001}]"""));
        Assert.Null(next["spec"]!["ports"]![0]!["nodePort"]);
    }

    [Fact]
    public void An_address_may_not_change() => Assert.Equal(
        ["spec.clusterIPs[0]: Invalid value: [\"10.96.0.10\"]: may not change once set"],
        Written.Update("services", Allocated("ClusterIP"), s => s["spec"]!["clusterIP"] = "10.96.0.10").Errors);

    [Fact]
    public void What_a_type_does_not_have_goes_with_it()
    {
        var (next, errors) = Written.Update("services", Allocated("NodePort"), s => s["spec"]!["type"] = "ClusterIP");
        Assert.Empty(errors);
        Assert.Null(next["spec"]!["ports"]![0]!["nodePort"]);
        Assert.Null(next["spec"]!["externalTrafficPolicy"]);
    }

    private static JsonObject Allocated(string type)
    {
        var node = type == "NodePort" ? ",\"nodePort\":30001" : "";
        var (service, errors) = Written.Create("services", $$$"""{"metadata":{"name":"s"},"spec":{"type":"{{{type}}}","clusterIP":"10.96.0.9","ports":[{"port":80{{{node}}}}]}}""");
        Assert.Empty(errors);
        return service;
    }

    private static void Same(string expected, JsonNode? actual) =>
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), actual), actual?.ToJsonString());
}
