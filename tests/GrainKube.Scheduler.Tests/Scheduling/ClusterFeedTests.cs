using GrainKube.ApiMachinery.Objects;
using GrainKube.Objects.Cache;
using GrainKube.Scheduler.Queue;
using GrainKube.Scheduler.Scheduling;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace GrainKube.Scheduler.Tests.Scheduling;

/// <summary>Changes wake exactly the pods that may fit because of them.</summary>
public sealed class ClusterFeedTests
{
    private const string Full = """{"cpu":"4"}""";
    private readonly SchedulerWorld world = new();
    private readonly FakeTimeProvider time = new();
    private readonly SchedulingQueue queue;
    private readonly Placer placer;
    private readonly ClusterFeed feed;

    public ClusterFeedTests()
    {
        queue = new SchedulingQueue(time);
        placer = world.NewPlacer();
        feed = new ClusterFeed("default-scheduler", world.Names, world.Table, queue, placer);
        feed.NodeIs(SchedulerWorld.NodeObject("a", labels: """{"zone":"a"}"""));
        feed.NodeIs(SchedulerWorld.NodeObject("b", labels: """{"zone":"b"}"""));
        feed.PodIs(Bound("ha", "a", Full));
        feed.PodIs(Bound("hb", "b", Full));
    }

    [Fact]
    public void A_pod_that_goes_wakes_those_that_fit_on_its_node()
    {
        Refuse(SchedulerWorld.PodObject("on-a", Full, "\"nodeSelector\":{\"zone\":\"a\"}"));
        Refuse(SchedulerWorld.PodObject("on-b", Full, "\"nodeSelector\":{\"zone\":\"b\"}"));
        Refuse(SchedulerWorld.PodObject("nowhere", Full, "\"nodeSelector\":{\"zone\":\"c\"}"));

        feed.PodChanged(Deletion(Bound("ha", "a", Full)));

        Assert.Equal("on-a", Tried());
    }

    [Fact]
    public void A_pod_that_finishes_leaves_its_room()
    {
        Refuse(SchedulerWorld.PodObject("p", Full));
        feed.PodIs(Bound("ha", "a", Full, """{"phase":"Succeeded"}"""));
        Assert.Equal("p", Tried());
    }

    [Fact]
    public void A_new_node_wakes_those_it_can_take()
    {
        Refuse(SchedulerWorld.PodObject("small", """{"cpu":"1"}"""));
        Refuse(SchedulerWorld.PodObject("large", """{"cpu":"8"}"""));
        Refuse(SchedulerWorld.PodObject("elsewhere", """{"cpu":"1"}""", "\"nodeSelector\":{\"zone\":\"z\"}"));

        feed.NodeIs(SchedulerWorld.NodeObject("c", cpu: "2"));

        Assert.Equal("small", Tried());
    }

    [Fact]
    public void Company_that_comes_wakes_those_who_asked_for_it()
    {
        Refuse(SchedulerWorld.PodObject("friend", spec: Affinity("podAffinity", "web")));
        Refuse(SchedulerWorld.PodObject("stranger", spec: Affinity("podAffinity", "db")));
        feed.PodIs(Bound("w", "a", labels: """{"app":"web"}"""));
        Assert.Equal("friend", Tried());
    }

    [Fact]
    public void Those_who_were_avoided_wake_whoever_avoided_them_when_they_go_or_become_others()
    {
        feed.PodIs(Bound("wa", "a", labels: """{"app":"web"}"""));
        feed.PodIs(Bound("wb", "b", labels: """{"app":"web"}"""));
        Refuse(SchedulerWorld.PodObject("shy", spec: Affinity("podAntiAffinity", "web")));
        feed.PodIs(Bound("x", "a", labels: """{"app":"other"}"""));
        Assert.Equal("", Tried());

        feed.PodIs(Bound("wa", "a", labels: """{"app":"was-web"}"""));

        Assert.Equal("shy", Tried());
        Assert.Equal("a", placer.Place(queue.Find("shy")!).Node?.Name);
    }

    [Fact]
    public void A_nominated_pod_that_goes_leaves_its_room_to_others()
    {
        feed.PodChanged(Deletion(Bound("ha", "a", Full)));
        feed.PodIs(SchedulerWorld.PodObject("important", Full, "\"priority\":10", status: """{"nominatedNodeName":"a"}"""));
        Assert.Equal("important", queue.Next()?.Uid);
        Refuse(SchedulerWorld.PodObject("lesser", Full));

        feed.PodChanged(Deletion(SchedulerWorld.PodObject("important", Full, "\"priority\":10")));

        Assert.Equal("lesser", Tried());
        Assert.Equal("a", placer.Place(queue.Find("lesser")!).Node?.Name);
    }

    [Fact]
    public void A_nomination_that_is_told_late_keeps_no_room_for_a_pod_that_has_its_place()
    {
        feed.PodIs(SchedulerWorld.PodObject("p"));
        var pod = queue.Next()!;
        feed.Assume(pod, world.Table.Find("a")!);
        feed.PodIs(SchedulerWorld.PodObject("p", status: """{"nominatedNodeName":"b"}"""));
        Assert.Null(world.Table.NominationOf("p"));

        feed.NotBound("p");
        Assert.Equal("b", world.Table.NominationOf("p")?.Name);
        feed.PodIs(Bound("p", "a"));
        Assert.Null(world.Table.NominationOf("p"));
        Assert.Empty(world.Table.Find("b")!.Nominated);
    }

    [Fact]
    public void Gated_pods_and_those_of_other_schedulers_are_not_queued()
    {
        feed.PodIs(SchedulerWorld.PodObject("gated", spec: "\"schedulingGates\":[{\"name\":\"g\"}]"));
        feed.PodIs(SchedulerWorld.PodObject("foreign", spec: "\"schedulerName\":\"other\""));
        Assert.Equal(0, queue.Count);
        feed.PodIs(SchedulerWorld.PodObject("gated"));
        Assert.Equal("gated", queue.Next()?.Uid);
    }

    private void Refuse(KubeObject item)
    {
        feed.PodIs(item);
        var pod = queue.Next()!;
        Assert.Equal(item.Header.Uid, pod.Uid);
        queue.Unschedulable(pod.Uid, placer.Place(pod).Refusal!.By);
    }

    private string Tried()
    {
        time.Advance(TimeSpan.FromSeconds(20));
        queue.Ripen();
        var tried = new List<string>();
        while (queue.Next() is { } pod)
        {
            tried.Add(pod.Uid);
        }

        return string.Join(' ', tried.Order());
    }

    private static ObjectChange Deletion(KubeObject item) => new(item, null, 2);

    private static KubeObject Bound(string name, string node, string requests = "{}", string status = "{}", string labels = "{}") =>
        SchedulerWorld.PodObject(name, requests, $"\"nodeName\":\"{node}\"", labels, status);

    private static string Affinity(string kind, string app) => $$"""
        "affinity":{"{{kind}}":{"requiredDuringSchedulingIgnoredDuringExecution":[{"topologyKey":"zone","labelSelector":{"matchLabels":{"app":"{{app}}"} } }]} }
        """;
}
