using CsCheck;
using GrainKube.ApiMachinery.Objects;
using GrainKube.Controllers.ReplicaSets;
using GrainKube.Resources.Core.Pods;
using GrainKube.Testing.Clusters;
using Xunit;

namespace GrainKube.Controllers.Tests.ReplicaSets;

public sealed class ReplicaSetPlanTests
{
    private static readonly DateTimeOffset Now = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly Dictionary<string, string> Labels = new() { ["app"] = "web" };

    private static readonly string[] NodeNames = ["", "n1", "n2"];
    private static readonly string[] Phases = ["", "Pending", "Running", "Succeeded", "Failed", "Unknown"];

    private static readonly Gen<Wish> Pods =
        from node in Gen.Int[0, 2]
        from phase in Gen.Int[0, 5]
        from ready in Gen.Bool
        from readyFor in Gen.Int[0, 100]
        from deleted in Gen.Frequency((4, Gen.Const(false)), (1, Gen.Const(true)))
        select new Wish(NodeNames[node], Phases[phase], ready, readyFor, deleted);

    [Fact]
    public void Creating_and_deleting_always_end_at_the_wanted_number()
    {
        (from wanted in Gen.Int[0, 12] from pods in Pods.Array[0, 12] select (wanted, pods)).Sample(
            c =>
            {
                var pods = c.pods.Select((w, i) => Pod($"p{i}", w)).ToList();
                var active = pods.Count(p => PodFacts.Of(p).IsActive);

                var plan = ReplicaSetPlan.For(c.wanted, 0, Labels, pods, Now);

                return active + plan.Create - plan.Delete.Count == c.wanted
                    && (plan.Create == 0 || plan.Delete.Count == 0)
                    && plan.Delete.Distinct().Count() == plan.Delete.Count
                    && plan.Delete.All(p => PodFacts.Of(p).IsActive)
                    && plan.Status.Replicas == active
                    && plan.Status.Available <= plan.Status.Ready && plan.Status.Ready <= plan.Status.Replicas;
            },
            iter: 2000);
    }

    [Fact]
    public void A_ready_pod_never_goes_before_one_that_is_not()
    {
        (from pods in Pods.Array[1, 12] from count in Gen.Int[0, 12] select (pods, count)).Sample(
            c =>
            {
                var active = c.pods.Select((w, i) => Pod($"p{i}", w with { Phase = "Running", Deleted = false, Node = "n1" })).ToList();
                var victims = ReplicaRank.Victims(active, c.count).ToHashSet();
                return !victims.Any(v => PodFacts.Of(v).IsReady) || active.Where(p => !PodFacts.Of(p).IsReady).All(victims.Contains);
            },
            iter: 1000);
    }

    [Fact]
    public void Victims_go_in_upstreams_order()
    {
        var pods = new[]
        {
            Pod("old", new Wish("n1", "Running", true, 100, false)),
            Pod("young", new Wish("n2", "Running", true, 10, false)),
            Pod("cheap", new Wish("n3", "Running", true, 100, false), """{"controller.kubernetes.io/pod-deletion-cost":"-1"}"""),
            Pod("unready", new Wish("n4", "Running", false, 0, false)),
            Pod("pending", new Wish("n5", "Pending", false, 0, false)),
            Pod("unbound", new Wish("", "Pending", false, 0, false)),
        };

        Assert.Equal(["unbound", "pending", "unready", "cheap", "young"], ReplicaRank.Victims(pods, 5).Select(p => p.Header.Name));
    }

    [Fact]
    public void Pods_doubled_up_on_a_node_go_first()
    {
        var pods = new[] { Pod("alone", new Wish("n1", "Running", true, 1, false)), Pod("two", new Wish("n2", "Running", true, 50, false)), Pod("three", new Wish("n2", "Running", true, 60, false)) };

        Assert.Equal(["two"], ReplicaRank.Victims(pods, 1).Select(p => p.Header.Name));
    }

    [Fact]
    public void A_pod_counts_as_available_when_it_was_ready_long_enough()
    {
        var pods = new[] { Pod("a", new Wish("n1", "Running", true, 10, false)), Pod("b", new Wish("n1", "Running", true, 25, false)), Pod("c", new Wish("n1", "Running", true, 40, false)) };

        var plan = ReplicaSetPlan.For(3, 30, Labels, pods, Now);

        Assert.Equal((3, 1), (plan.Status.Ready, plan.Status.Available));
        Assert.Equal(TimeSpan.FromSeconds(5), plan.WakeAfter);
    }

    [Fact]
    public void No_more_than_a_burst_at_once() => Assert.Equal(ReplicaSetPlan.Burst, ReplicaSetPlan.For(10_000, 0, Labels, [], Now).Create);

    private static KubeObject Pod(string name, Wish wish, string annotations = "{}")
    {
        var json = Sample.Pod(name, """{"app":"web"}""", $"\"nodeName\":\"{wish.Node}\"");
        json["metadata"]!["namespace"] = "n";
        json["metadata"]!["annotations"] = Sample.Parse(annotations);
        if (wish.Deleted)
        {
            json["metadata"]!["deletionTimestamp"] = "2029-01-01T00:00:00Z";
        }

        json["status"] = Sample.Parse($$"""
            {"phase":"{{wish.Phase}}","conditions":[{"type":"Ready","status":"{{(wish.Ready ? "True" : "False")}}","lastTransitionTime":"{{Now.AddSeconds(-wish.ReadyFor):yyyy-MM-dd'T'HH:mm:ss'Z'}}"}]}
            """);
        return Sample.Object("", "pods", json);
    }

    private sealed record Wish(string Node, string Phase, bool Ready, int ReadyFor, bool Deleted);
}
