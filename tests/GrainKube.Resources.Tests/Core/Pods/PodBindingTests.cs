using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Definitions;
using GrainKube.ApiMachinery.Errors;
using GrainKube.ApiMachinery.Identity;
using Xunit;

namespace GrainKube.Resources.Tests.Core.Pods;

public sealed class PodBindingTests
{
    private readonly JsonObject pod = Json("""{"metadata":{"name":"web-0","namespace":"shop","uid":"u1"},"spec":{},"status":{"phase":"Pending"}}""");

    [Fact]
    public void A_binding_gives_the_pod_its_node_and_annotations()
    {
        Bind("""{"metadata":{"name":"web-0","annotations":{"a":"b"}},"target":{"kind":"Node","name":"n1"}}""");
        Assert.Equal("n1", (string?)pod["spec"]!["nodeName"]);
        Assert.Equal("b", (string?)pod["metadata"]!["annotations"]!["a"]);
        Assert.Equal(
            """[{"lastTransitionTime":"2026-05-04T12:00:00Z","status":"True","type":"PodScheduled"}]""", pod["status"]!["conditions"]!.ToJsonString());
    }

    [Fact]
    public void An_older_refusal_to_schedule_is_replaced()
    {
        pod["status"]!["conditions"] = JsonNode.Parse("""[{"type":"PodScheduled","status":"False","reason":"Unschedulable","lastTransitionTime":"2026-05-04T11:00:00Z"}]""");
        Bind("""{"target":{"name":"n1"}}""");
        Assert.Equal("2026-05-04T12:00:00Z", (string?)pod["status"]!["conditions"]![0]!["lastTransitionTime"]);
        Assert.Null(pod["status"]!["conditions"]![0]!["reason"]);
    }

    [Fact]
    public void A_pod_that_has_a_node_keeps_it()
    {
        pod["spec"]!["nodeName"] = "n0";
        var refused = Assert.Throws<ApiException>(() => Bind("""{"target":{"name":"n1"}}"""));
        Assert.Equal(409, refused.Status.Code);
        Assert.Equal(
            "Operation cannot be fulfilled on pods/binding \"web-0\": pod web-0 is already assigned to node \"n0\"", refused.Status.Message);
        Assert.Equal("n0", (string?)pod["spec"]!["nodeName"]);
    }

    [Fact]
    public void A_pod_on_its_way_out_is_not_bound()
    {
        pod["metadata"]!["deletionTimestamp"] = "2026-05-04T11:00:00Z";
        Assert.Contains("is being deleted, cannot be assigned to a host", Assert.Throws<ApiException>(() => Bind("""{"target":{"name":"n1"}}""")).Message);
    }

    [Theory]
    [InlineData("""{"target":{"kind":"Node"}}""", 422)]
    [InlineData("""{"target":{"kind":"Rack","name":"r"}}""", 422)]
    [InlineData("""{"metadata":{"uid":"other"},"target":{"name":"n1"}}""", 409)]
    [InlineData("""{"metadata":{"name":"other"},"target":{"name":"n1"}}""", 400)]
    public void A_binding_that_does_not_fit_is_refused(string binding, int code) =>
        Assert.Equal(code, Assert.Throws<ApiException>(() => Bind(binding)).Status.Code);

    [Fact]
    public void Resizing_touches_nothing_but_resources()
    {
        pod["spec"]!["containers"] = JsonNode.Parse("""[{"name":"a","image":"x","resources":{}},{"name":"b","image":"y"}]""");
        Apply("resize", """{"spec":{"containers":[{"name":"a","image":"evil","resources":{"limits":{"cpu":"1"}}},{"name":"b","image":"evil","env":[]}],"nodeName":"stolen"}}""");
        Assert.Equal(
            """[{"name":"a","image":"x","resources":{"limits":{"cpu":"1"}}},{"name":"b","image":"y"}]""", pod["spec"]!["containers"]!.ToJsonString());
    }

    [Fact]
    public void Only_ephemeral_containers_pass_through_their_subresource()
    {
        Apply("ephemeralcontainers", """{"spec":{"nodeName":"stolen","ephemeralContainers":[{"name":"debug"}]}}""");
        Assert.Equal("""{"ephemeralContainers":[{"name":"debug"}]}""", pod["spec"]!.ToJsonString());
    }

    private void Bind(string binding) => Apply("binding", binding);

    private void Apply(string subresource, string body) => BuiltInResources.All.Single(d => d.GroupResource.ToString() == "pods")
        .Subresources.Single(s => s.Name == subresource).Apply(pod, Json(body), new WriteScope(new UserInfo { Name = "scheduler" }, subresource, Sample.Now, DryRun: false));

    private static JsonObject Json(string text) => JsonNode.Parse(text)!.AsObject();
}
