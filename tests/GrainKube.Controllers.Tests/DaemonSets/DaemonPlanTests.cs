using CsCheck;
using GrainKube.Controllers.DaemonSets;
using GrainKube.Testing.Clusters;
using k8s.Models;
using Xunit;

namespace GrainKube.Controllers.Tests.DaemonSets;

public sealed class DaemonPlanTests
{
    private static readonly DateTimeOffset Now = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly Gen<World> Worlds =
        from nodes in Gen.Select(Gen.Bool, Gen.Bool).Array[1, 6]
        from pods in Gen.Select(Gen.Int[0, 6], Gen.Enum<State>(), Gen.Bool).Array[0, 10]
        from surge in Gen.Int[0, 3]
        from unavailable in Gen.Int[1, 3]
        select new World(
            [.. nodes.Select((n, i) => new NodeVerdict($"n{i}", n.Item1, n.Item1 || n.Item2))],
            [.. pods.Select((p, i) => Pod(i, $"n{p.Item1}", p.Item2, p.Item3))],
            surge,
            unavailable);

    [Fact]
    public void A_node_gets_a_pod_only_where_it_should_and_has_none() => Worlds.Sample(
        w => DaemonSetPlan.For(w.Nodes, w.ByNode, w.Surge > 0).Create.All(n => w.Nodes.Any(v => v.Node == n && v.ShouldRun) && !w.ByNode[n].Any()), iter: 2000);

    [Fact]
    public void No_node_that_should_run_a_pod_loses_its_last_working_one_to_tidying() => Worlds.Sample(
        w =>
        {
            var gone = DaemonSetPlan.For(w.Nodes, w.ByNode, w.Surge > 0).Delete.ToHashSet();
            return w.Nodes.Where(n => n.ShouldStay).All(n => w.ByNode[n.Node].Where(Works).ToList() is var there && (there.Count == 0 || there.Exists(p => !gone.Contains(p))));
        },
        iter: 2000);

    [Fact]
    public void A_rollout_never_takes_more_available_pods_than_it_may() => Worlds.Where(w => w.Surge == 0).Sample(
        w =>
        {
            var eligible = w.Nodes.Where(n => n.ShouldRun).Select(n => n.Node).ToHashSet();
            var pods = w.Pods.Where(p => eligible.Contains(p.Node)).DistinctBy(p => p.Node).ToLookup(p => p.Node);
            var nodes = w.Nodes.Where(n => n.ShouldRun).ToList();
            var rollout = DaemonRollout.For(nodes, pods, 0, w.Unavailable);
            var available = nodes.Count(n => pods[n.Node].Any(p => p.IsAvailable && !p.IsTerminating));
            var taken = rollout.Delete.Count(p => p.IsAvailable);
            return rollout.Create.Count == 0 && rollout.Delete.All(p => !p.IsUpdated && !p.IsTerminating) && (taken == 0 || available - taken >= nodes.Count - w.Unavailable);
        },
        iter: 2000);

    [Fact]
    public void A_surge_deletes_an_old_pod_only_for_an_available_new_one() => Worlds.Where(w => w.Surge > 0).Sample(
        w => DaemonRollout.For(w.Nodes, w.ByNode, w.Surge, 0).Delete.All(p => w.ByNode[p.Node].Any(o => o.IsUpdated && o.IsAvailable && !o.IsTerminating)), iter: 2000);

    [Fact]
    public void Steps_taken_one_after_the_other_end_with_one_new_pod_on_every_node() => Worlds.Sample(
        w =>
        {
            var (pods, made) = (w.Pods.Where(p => !p.IsTerminating).ToList(), 100);
            for (var step = 0; step < 60; step++)
            {
                var by = pods.ToLookup(p => p.Node);
                var plan = DaemonSetPlan.For(w.Nodes, by, w.Surge > 0);
                var (create, delete) = (plan.Create, plan.Delete.Concat(plan.Failed).Concat(plan.Succeeded).ToList());
                if (create.Count + delete.Count == 0)
                {
                    var rollout = DaemonRollout.For(w.Nodes, by, w.Surge, w.Surge == 0 ? w.Unavailable : 0);
                    (create, delete) = (rollout.Create, [.. rollout.Delete]);
                }

                pods = [.. pods.Except(delete).Select(p => p.IsFinished ? p : Pod(int.Parse(p.Item.Header.Name[1..], null), p.Node, State.Ready, p.IsUpdated))];
                pods.AddRange(create.Select(n => Pod(made++, n, State.Ready, true)));
            }

            var known = w.Nodes.Select(n => n.Node).ToHashSet();
            return w.Nodes.Where(n => n.ShouldRun).All(n => pods.Count(p => p.Node == n.Node) == 1 && pods.Single(p => p.Node == n.Node).IsUpdated)
                && !pods.Exists(p => known.Contains(p.Node) && !w.Nodes.Single(n => n.Node == p.Node).ShouldStay);
        },
        iter: 500);

    [Theory]
    [InlineData("own", "NoSchedule", false, true)]
    [InlineData("own", "NoExecute", false, false)]
    [InlineData("own", "PreferNoSchedule", true, true)]
    [InlineData("node.kubernetes.io/unschedulable", "NoSchedule", true, true)]
    [InlineData("node.kubernetes.io/not-ready", "NoExecute", true, true)]
    [InlineData("node.kubernetes.io/network-unavailable", "NoSchedule", false, true)]
    public void Taints_keep_pods_away_or_drive_them_off(string key, string effect, bool run, bool stay)
    {
        var node = Node($$"""{"taints":[{"key":"{{key}}","effect":"{{effect}}"}]}""", "{}");

        Assert.Equal(new NodeVerdict("n1", run, stay), NodeVerdict.On(node, new V1PodSpec(), DaemonTolerations.Of(new V1PodSpec())));
    }

    [Theory]
    [InlineData("n1", true)]
    [InlineData("n2", false)]
    public void Affinity_may_name_the_node(string name, bool run)
    {
        var term = new V1NodeSelectorTerm { MatchFields = [new V1NodeSelectorRequirement { Key = "metadata.name", OperatorProperty = "In", Values = [name] }] };
        var spec = new V1PodSpec { Affinity = new V1Affinity { NodeAffinity = new V1NodeAffinity { RequiredDuringSchedulingIgnoredDuringExecution = new V1NodeSelector { NodeSelectorTerms = [term] } } } };

        Assert.Equal(new NodeVerdict("n1", run, run), NodeVerdict.On(Node("{}", "{}"), spec, []));
    }

    [Fact]
    public void Failed_pods_are_replaced_at_once_and_then_ever_more_slowly()
    {
        var backoff = new FailedPodBackoff();

        Assert.Null(backoff.Take("s", "n", Now));
        Assert.Equal(TimeSpan.FromSeconds(1), backoff.Take("s", "n", Now));
        Assert.Null(backoff.Take("s", "other", Now));
        Assert.Null(backoff.Take("s", "n", Now.AddSeconds(1)));
        Assert.Equal(TimeSpan.FromSeconds(2), backoff.Take("s", "n", Now.AddSeconds(1)));
        Assert.Null(backoff.Take("s", "n", Now.AddHours(1)));
    }

    private static bool Works(DaemonPod pod) => pod is { IsTerminating: false, IsFinished: false };

    private static ApiMachinery.Objects.KubeObject Node(string spec, string labels) => Sample.Object(
        "", "nodes", Sample.Parse($$"""{"apiVersion":"v1","kind":"Node","metadata":{"name":"n1","labels":{{labels}} },"spec":{{spec}} }"""));

    private static DaemonPod Pod(int number, string node, State state, bool updated)
    {
        var json = Sample.Pod($"p{number}", $$"""{"controller-revision-hash":"{{(updated ? "new" : "old")}}"}""", $"\"nodeName\":\"{node}\"");
        json["metadata"]!["namespace"] = "n";
        if (state == State.Terminating)
        {
            json["metadata"]!["deletionTimestamp"] = "2029-01-01T00:00:00Z";
        }

        json["status"] = Sample.Parse($$"""
            {"phase":"{{(state == State.Failed ? "Failed" : "Running")}}","conditions":[{"type":"Ready","status":"{{(state == State.Ready ? "True" : "False")}}","lastTransitionTime":"2029-01-01T00:00:00Z"}]}
            """);
        return new DaemonPod(Sample.Object("", "pods", json), "new", 0, Now);
    }

    private enum State
    {
        Running,
        Ready,
        Failed,
        Terminating,
    }

    private sealed record World(IReadOnlyList<NodeVerdict> Nodes, IReadOnlyList<DaemonPod> Pods, int Surge, int Unavailable)
    {
        public ILookup<string, DaemonPod> ByNode => Pods.ToLookup(p => p.Node);
    }
}
