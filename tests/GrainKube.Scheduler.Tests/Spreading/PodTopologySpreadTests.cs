using CsCheck;
using GrainKube.ApiMachinery.Selectors;
using GrainKube.Scheduler.Pods;
using GrainKube.Scheduler.Spreading;
using Xunit;

namespace GrainKube.Scheduler.Tests.Spreading;

public sealed class PodTopologySpreadTests
{
    private const string Web = """{"app":"web"}""";
    private readonly SchedulerWorld world = new();

    [Fact]
    public void A_domain_that_would_have_too_many_is_closed()
    {
        Zones(("a", 1), ("b", 1));
        world.Placed("a0", "w", labels: Web);
        var pod = Spread("p", """{"maxSkew":1,"topologyKey":"zone"}""");
        Assert.Equal("b0", Fitting(pod));
        Assert.Contains("1 node(s) didn't match pod topology spread constraints", Told(Spread("p", """{"maxSkew":1,"topologyKey":"zone"}""", more: "\"nodeSelector\":{\"host\":\"a0\"},", extra: ",\"nodeAffinityPolicy\":\"Ignore\"")));
    }

    [Fact]
    public void A_node_without_the_label_is_out_and_pushing_pods_off_it_does_not_help()
    {
        world.Node("bare");
        Assert.Equal(
            "0/1 nodes are available: 1 node(s) didn't match pod topology spread constraints (missing required label). preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling.",
            Told(Spread("p", """{"maxSkew":1,"topologyKey":"zone"}""")));
    }

    [Fact]
    public void With_too_few_domains_the_emptiest_counts_as_empty()
    {
        Zones(("a", 1), ("b", 1));
        world.Placed("a0", "w1", labels: Web);
        world.Placed("b0", "w2", labels: Web);
        Assert.Equal("a0 b0", Fitting(Spread("p", """{"maxSkew":1,"topologyKey":"zone","minDomains":2}""")));
        Assert.Equal("", Fitting(Spread("p", """{"maxSkew":1,"topologyKey":"zone","minDomains":3}""")));
    }

    [Fact]
    public void Nodes_that_the_pod_may_not_go_to_take_part_only_where_the_policy_says_so()
    {
        Zones(("a", 1), ("b", 1));
        world.Node("t0", labels: """{"zone":"t","host":"t0"}""", spec: """{"taints":[{"key":"k","effect":"NoSchedule"}]}""");
        world.Placed("a0", "w1", labels: Web);
        world.Placed("b0", "w2", labels: Web);
        const string constraint = """{"maxSkew":1,"topologyKey":"zone"}""";
        Assert.Equal("t0", Fitting(Spread("p", constraint)));
        Assert.Equal("a0 b0 t0", Fitting(Spread("p", constraint, extra: ",\"nodeTaintsPolicy\":\"Honor\"")));
        const string notThere = """ "affinity":{"nodeAffinity":{"requiredDuringSchedulingIgnoredDuringExecution":{"nodeSelectorTerms":[{"matchExpressions":[{"key":"zone","operator":"NotIn","values":["t"]}]}]} } },""";
        Assert.Equal("a0 b0 t0", Fitting(Spread("p", constraint, more: notThere)));
        Assert.Equal("t0", Fitting(Spread("p", constraint, more: notThere, extra: ",\"nodeAffinityPolicy\":\"Ignore\"")));
    }

    [Fact]
    public void Pods_on_their_way_out_and_those_of_other_namespaces_do_not_count()
    {
        Zones(("a", 1), ("b", 1));
        world.Placed("a0", "going", labels: Web, terminating: true);
        world.Table.Place(world.Pod("far", labels: Web, ns: "far"), "a0");
        Assert.Equal("a0 b0", Fitting(Spread("p", """{"maxSkew":1,"topologyKey":"zone"}""")));
    }

    [Fact]
    public void Soft_constraints_prefer_the_emptier_domain()
    {
        Zones(("a", 1), ("b", 1), ("c", 1));
        world.Placed("a0", "w1", labels: Web);
        world.Placed("a0", "w2", labels: Web);
        world.Placed("b0", "w3", labels: Web);
        world.Node("bare");
        Assert.Equal([0, 33, 100, 0], Scores(Spread("p", """{"maxSkew":1,"topologyKey":"zone","whenUnsatisfiable":"ScheduleAnyway"}""")));
    }

    [Fact]
    public void Pods_of_a_service_or_workload_are_spread_without_asking_for_it()
    {
        world.Node("h0", labels: """{"kubernetes.io/hostname":"h0"}""");
        world.Node("h1", labels: """{"kubernetes.io/hostname":"h1"}""");
        world.Placed("h0", "w1", labels: Web);
        var pod = world.Pod("p", labels: Web);
        Assert.Equal([0, 0], Scores(pod));
        world.Cluster.Peers = LabelSelector.Parse("app=web");
        Assert.True(Scores(pod) is [var full, 100] && full < 100);
    }

    [Fact]
    public void Filling_by_the_filter_never_exceeds_the_skew_and_refuses_nobody_that_brute_force_would_take()
    {
        var script =
            from zones in Gen.Int[1, 4]
            from nodes in Gen.Int[0, 3].Array[1, 8]
            from before in Gen.Select(Gen.Int[0, 7], Gen.Bool).Array[0, 12]
            from skew in Gen.Int[1, 3]
            from minDomains in Gen.Int[1, 4]
            select (zones, nodes, before, skew, minDomains);
        script.Sample(
            s =>
            {
                var local = new SchedulerWorld();
                var zoneOf = s.nodes.Select(z => z % s.zones).ToArray();
                for (var i = 0; i < zoneOf.Length; i++)
                {
                    local.Node($"n{i}", labels: $$"""{"zone":"z{{zoneOf[i]}}"}""");
                }

                var counts = zoneOf.Distinct().ToDictionary(z => z, _ => 0);
                foreach (var ((node, counted), i) in s.before.Select((b, i) => (b, i)))
                {
                    local.Placed($"n{node % zoneOf.Length}", $"old{i}", labels: counted ? Web : "{}");
                    counts[zoneOf[node % zoneOf.Length]] += counted ? 1 : 0;
                }

                var pod = Spread(local, "p", $$"""{"maxSkew":{{s.skew}},"topologyKey":"zone","minDomains":{{s.minDomains}} }""");
                var plugin = new PodTopologySpread(local.Table, local.Cluster);
                plugin.Prepare(pod);
                var least = counts.Count < s.minDomains ? 0 : counts.Values.Min();
                return local.Table.Nodes.All(n => plugin.Fits(pod, n, null) == (counts[zoneOf[int.Parse(n.Name[1..])]] + 1 - least <= s.skew));
            },
            iter: 300);
    }

    [Fact]
    public void What_is_moved_in_thought_and_back_changes_nothing()
    {
        Zones(("a", 2), ("b", 1));
        world.Placed("a0", "w1", labels: Web);
        var pod = Spread("p", """{"maxSkew":1,"topologyKey":"zone"}""");
        var plugin = new PodTopologySpread(world.Table, world.Cluster);
        plugin.Prepare(pod);
        var node = world.Table.Find("a0")!;
        plugin.Moved(pod, world.Pod("w1", labels: Web), node, -1);
        Assert.True(plugin.Fits(pod, node, null));
        plugin.Moved(pod, world.Pod("w1", labels: Web), node, 1);
        Assert.False(plugin.Fits(pod, node, null));
    }

    private void Zones(params (string Zone, int Nodes)[] zones)
    {
        foreach (var (zone, nodes) in zones)
        {
            for (var i = 0; i < nodes; i++)
            {
                world.Node($"{zone}{i}", labels: $$"""{"zone":"{{zone}}","host":"{{zone}}{{i}}"}""");
            }
        }
    }

    private PodRequest Spread(string name, string constraint, string more = "", string extra = "") => Spread(world, name, constraint, more, extra);

    private static PodRequest Spread(SchedulerWorld world, string name, string constraint, string more = "", string extra = "") => world.Pod(name, labels: Web, spec: $$"""
        {{more}}"topologySpreadConstraints":[{{constraint.TrimEnd()[..^1]}}{{(constraint.Contains("whenUnsatisfiable") ? "" : ",\"whenUnsatisfiable\":\"DoNotSchedule\"")}},"labelSelector":{"matchLabels":{"app":"web"} }{{extra}} }]
        """);

    private string Fitting(PodRequest pod)
    {
        var plugin = new PodTopologySpread(world.Table, world.Cluster);
        plugin.Prepare(pod);
        return string.Join(' ', world.Table.Nodes.Where(n => plugin.Fits(pod, n, null)).Select(n => n.Name));
    }

    private string Told(PodRequest pod) => world.Refused(pod).Told;

    private long[] Scores(PodRequest pod)
    {
        var scores = new long[world.Table.Nodes.Count];
        new PodTopologySpread(world.Table, world.Cluster).Score(pod, [.. world.Table.Nodes], scores);
        return scores;
    }
}
