using System.Text.Json.Nodes;
using Xunit;

namespace GrainKube.Resources.Tests.Core.Pods;

public sealed class PodUpdateTests
{
    private static readonly JsonObject Stored = Written.Create("pods", """
        {"metadata":{"name":"p"},"spec":{"containers":[{"name":"c","image":"a:1"}],"tolerations":[{"key":"a","operator":"Exists"}]}}
        """).Item;

    [Fact]
    public void The_image_may_change() =>
        Assert.Empty(Written.Update("pods", Stored, p => p["spec"]!["containers"]![0]!["image"] = "a:2").Errors);

    [Fact]
    public void A_negative_grace_is_written_as_the_least_there_is()
    {
        var pod = Written.Create("pods", """{"metadata":{"name":"p"},"spec":{"terminationGracePeriodSeconds":-1,"containers":[{"name":"c","image":"a:1"}]}}""").Item;
        Assert.Equal(1, pod["spec"]!["terminationGracePeriodSeconds"]!.GetValue<int>());
        Assert.Empty(Written.Update("pods", pod, p => p["spec"]!["terminationGracePeriodSeconds"] = -1).Errors);
    }

    [Fact]
    public void Tolerations_may_be_added_and_not_taken_away()
    {
        Assert.Empty(Written.Update("pods", Stored, p => p["spec"]!["tolerations"]!.AsArray().Add(new JsonObject { ["key"] = "b", ["operator"] = "Exists" })).Errors);
        Assert.Equal(
            ["spec.tolerations: Forbidden: existing toleration can not be modified except its tolerationSeconds"],
            Written.Update("pods", Stored, p => p["spec"]!["tolerations"] = new JsonArray()).Errors);
    }

    [Fact]
    public void Anything_else_is_forbidden()
    {
        var error = Assert.Single(Written.Update("pods", Stored, p => p["spec"]!["dnsPolicy"] = "Default").Errors);
        Assert.StartsWith(
            "spec: Forbidden: pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)\n",
            error,
            StringComparison.Ordinal);
        Assert.Contains("- dnsPolicy: \"ClusterFirst\"\n+ dnsPolicy: \"Default\"", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Containers_cannot_be_added() => Assert.Equal(
        ["spec.containers: Forbidden: pod updates may not add or remove containers"],
        Written.Update("pods", Stored, p => p["spec"]!["containers"]!.AsArray().Add(new JsonObject { ["name"] = "d", ["image"] = "b:1" })).Errors);

    [Fact]
    public void Binding_is_no_forbidden_change() =>
        Assert.Empty(Written.Update("pods", Stored, p => p["spec"]!["nodeName"] = "n", "binding").Errors);

    [Fact]
    public void A_debugging_container_comes_through_its_own_door()
    {
        Action<JsonObject> debug = p => p["spec"]!["ephemeralContainers"] = new JsonArray(new JsonObject { ["name"] = "d", ["image"] = "b:1" });
        Assert.Empty(Written.Update("pods", Stored, debug, "ephemeralcontainers").Errors);
        var (item, errors) = Written.Update("pods", Stored, debug);
        Assert.Empty(errors);
        Assert.Null(item["spec"]!["ephemeralContainers"]);
    }

    [Fact]
    public void A_resize_keeps_the_quality_of_service()
    {
        var current = Written.Create("pods", """{"metadata":{"name":"p"},"spec":{"containers":[{"name":"c","image":"a:1","resources":{"requests":{"cpu":"1"}}}]}}""").Item;
        Assert.Empty(Written.Update("pods", current, p => p["spec"]!["containers"]![0]!["resources"]!["requests"]!["cpu"] = "2", "resize").Errors);
        Assert.Equal(
            [
                "spec.containers[0].resources.requests: Forbidden: resource requests cannot be removed",
                "spec: Invalid value: \"BestEffort\": Pod QOS Class may not change as a result of resizing",
            ],
            Written.Update("pods", current, p => p["spec"]!["containers"]![0]!["resources"] = new JsonObject(), "resize").Errors);
    }

    [Fact]
    public void A_resize_changes_what_the_pod_has_as_a_whole_and_takes_nothing_away()
    {
        var current = Written.Create(
            "pods", """{"metadata":{"name":"p"},"spec":{"resources":{"requests":{"cpu":"1","memory":"1Gi"},"limits":{"cpu":"2"}},"containers":[{"name":"c","image":"a:1"}]}}""").Item;
        var (item, errors) = Written.Update("pods", current, p => p["spec"]!["resources"]!["limits"]!["cpu"] = "3", "resize");
        Assert.Empty(errors);
        Assert.Equal("3", item["spec"]!["resources"]!["limits"]!["cpu"]!.GetValue<string>());
        Assert.Equal(
            ["spec.resources.requests: Forbidden: pod-level resource requests cannot be removed"],
            Written.Update("pods", current, p => p["spec"]!["resources"]!["requests"]!.AsObject().Remove("memory"), "resize").Errors);
        Assert.Contains("spec.resources: Forbidden: pod-level resources cannot be removed", Written.Update("pods", current, p => p["spec"]!.AsObject().Remove("resources"), "resize").Errors);
    }

    [Fact]
    public void A_resize_keeps_the_containers_in_their_order_and_under_their_names()
    {
        var current = Written.Create("pods", """{"metadata":{"name":"p"},"spec":{"containers":[{"name":"a","image":"a:1"},{"name":"b","image":"a:1"}]}}""").Item;
        string[] refused =
        [
            "spec.containers[0].name: Forbidden: containers may not be renamed or reordered on resize",
            "spec.containers[1].name: Forbidden: containers may not be renamed or reordered on resize",
        ];
        Assert.Equal(refused, Written.Update("pods", current, p => p["spec"]!["containers"] = new JsonArray([.. p["spec"]!["containers"]!.AsArray().Reverse().Select(c => c!.DeepClone())]), "resize").Errors);
        Assert.Equal(
            ["spec.containers: Forbidden: containers may not be added or removed on resize"],
            Written.Update("pods", current, p => p["spec"]!["containers"]!.AsArray().RemoveAt(1), "resize").Errors);
    }

    [Fact]
    public void A_finished_container_stays_finished_unless_it_restarts()
    {
        var current = Stored.DeepClone().AsObject();
        current["spec"]!["restartPolicy"] = "Never";
        current["status"]!["containerStatuses"] = JsonNode.Parse("""[{"name":"c","image":"a","imageID":"","ready":false,"restartCount":0,"state":{"terminated":{"exitCode":1}}}]""");
        Assert.Equal(
            ["status.containerStatuses[0].state: Forbidden: may not be transitioned to non-terminated state"],
            Written.Update("pods", current, p => p["status"]!["containerStatuses"]![0]!["state"] = JsonNode.Parse("""{"running":{}}"""), "status").Errors);
    }

    [Theory]
    [InlineData("""{"spec":{},"status":{"phase":"Running"}}""", null, 0)]
    [InlineData("""{"spec":{"nodeName":"n"},"status":{"phase":"Succeeded"}}""", 5L, 0)]
    [InlineData("""{"spec":{"nodeName":"n","terminationGracePeriodSeconds":7},"status":{"phase":"Running"}}""", null, 7)]
    [InlineData("""{"spec":{"nodeName":"n","terminationGracePeriodSeconds":7},"status":{"phase":"Running"}}""", 3L, 3)]
    [InlineData("""{"spec":{"nodeName":"n","terminationGracePeriodSeconds":7},"status":{"phase":"Running"}}""", 0L, 0)]
    [InlineData("""{"spec":{"nodeName":"n","terminationGracePeriodSeconds":-7},"status":{"phase":"Running"}}""", null, 1)]
    [InlineData("""{"spec":{"nodeName":"n"},"status":{"phase":"Running"}}""", null, 30)]
    public void Only_what_runs_on_a_node_has_time_to_end(string pod, long? requested, long seconds) =>
        Assert.Equal(seconds, Written.Definition("pods").Strategy.GracePeriodSeconds(JsonNode.Parse(pod)!.AsObject(), requested));
}
