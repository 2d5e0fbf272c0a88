using GrainKube.Scheduler.Nodes;
using GrainKube.Scheduler.Pods;
using Xunit;

namespace GrainKube.Scheduler.Tests.Pods;

public sealed class PodRequestTests
{
    private readonly ResourceNames names = new();

    [Fact]
    public void A_later_version_takes_labels_and_status_over_without_reading_the_rest()
    {
        var first = PodRequest.Of(SchedulerWorld.PodObject("p", labels: """{"a":"1"}"""), names);

        Assert.Same(first, first.Later(SchedulerWorld.PodObject("p", labels: """{"a":"1"}"""), names));
        var later = first.Later(SchedulerWorld.PodObject("p", labels: """{"a":"2"}""", status: """{"startTime":"2026-01-01T00:00:07Z"}""", terminating: true), names);
        Assert.Equal("2", later.Labels["a"]);
        Assert.True(later.Marks.IsTerminating);
        Assert.True(later.Identity.IsTerminating);
        Assert.Equal(7, later.Marks.Started?.Second);
    }

    [Fact]
    public void Marks_of_the_status_are_read()
    {
        var marks = PodMarks.Of(SchedulerWorld.PodObject("p", status: """
            {"nominatedNodeName":"n","startTime":null,"containerStatuses":null,"conditions":[
              {"type":"Ready","status":"True"},
              {"type":"DisruptionTarget","status":"True","reason":"PreemptionByScheduler","message":"x"},
              {"type":"PodResizePending","status":"True","reason":"Infeasible"}]}
            """));

        Assert.Equal("n", marks.NominatedNode);
        Assert.Null(marks.Started);
        Assert.True(marks.IsPreempted);
        Assert.True(marks.IsResizeInfeasible);
        Assert.Equal(0, marks.Given);
    }

    [Fact]
    public void A_resized_pod_is_read_anew_when_its_node_gives_it_something_else()
    {
        var first = PodRequest.Of(Resized("1"), names);

        Assert.Same(first, first.Later(Resized("1"), names));
        Assert.Equal(3000, first.Later(Resized("3"), names).Requests[ResourceVector.Cpu]);
    }

    private static ApiMachinery.Objects.KubeObject Resized(string given) => SchedulerWorld.PodObject(
        "p", """{"cpu":"2"}""", metadata: """{"generation":2}""", status: $$"""{"containerStatuses":[{"name":"main","allocatedResources":{"cpu":"{{given}}"},"ready":true}]}""");
}
