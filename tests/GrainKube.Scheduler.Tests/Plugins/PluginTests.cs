using GrainKube.Scheduler.Nodes;
using GrainKube.Scheduler.Plugins;
using Xunit;

namespace GrainKube.Scheduler.Tests.Plugins;

public sealed class PluginTests
{
    private readonly SchedulerWorld world = new();

    [Theory]
    [InlineData("""{"cpu":"4"}""", "")]
    [InlineData("""{"cpu":"4001m"}""", "Insufficient cpu")]
    [InlineData("""{"cpu":"5","memory":"9Gi"}""", "Insufficient cpu,Insufficient memory")]
    [InlineData("""{"example.com/gpu":"2"}""", "")]
    [InlineData("""{"example.com/gpu":"3"}""", "Insufficient example.com/gpu")]
    [InlineData("""{"example.com/fpga":"1"}""", "Insufficient example.com/fpga")]
    public void NodeResourcesFit_names_what_is_missing(string requests, string missing)
    {
        var node = world.Node("a", more: ""","example.com/gpu":"2" """);
        Assert.Equal(missing, Reasons(new NodeResourcesFit(world.Names), world.Pod("p", requests), node));
    }

    [Fact]
    public void NodeResourcesFit_is_final_only_where_the_empty_node_is_too_small()
    {
        var (fit, node) = (new NodeResourcesFit(world.Names), world.Node("a"));
        world.Table.Place(world.Pod("big", """{"cpu":"4"}"""), "a");

        Assert.False(fit.IsFinal(world.Pod("p", """{"cpu":"1"}"""), node));
        Assert.True(fit.IsFinal(world.Pod("q", """{"cpu":"5"}"""), node));
    }

    [Fact]
    public void NodeResourcesFit_counts_pods()
    {
        var node = world.Node("a");
        for (var i = 0; i < 110; i++)
        {
            world.Table.Place(world.Pod($"p{i}"), "a");
        }

        Assert.Equal("Too many pods", Reasons(new NodeResourcesFit(world.Names), world.Pod("p"), node));
    }

    [Fact]
    public void NodeResourcesFit_prefers_the_emptier_node()
    {
        var (a, b) = (world.Node("a"), world.Node("b"));
        world.Table.Place(world.Pod("other", """{"cpu":"2","memory":"4Gi"}"""), "a");
        var pod = world.Pod("p", """{"cpu":"1","memory":"2Gi"}""");

        Assert.Equal([25, 75], Scores(new NodeResourcesFit(world.Names), pod, a, b));
    }

    [Fact]
    public void NodeResourcesBalancedAllocation_prefers_even_use()
    {
        var (a, b) = (world.Node("a"), world.Node("b", memory: "2Gi"));
        var pod = world.Pod("p", """{"cpu":"1","memory":"2Gi"}""");

        Assert.Equal([100, 62], Scores(new NodeResourcesBalancedAllocation(), pod, a, b));
    }

    [Theory]
    [InlineData("", "node(s) were unschedulable")]
    [InlineData(""" "tolerations":[{"key":"node.kubernetes.io/unschedulable","operator":"Exists"}]""", "")]
    public void NodeUnschedulable_keeps_pods_off_a_cordoned_node(string spec, string reason) =>
        Assert.Equal(reason, Reasons(new NodeUnschedulable(), world.Pod("p", spec: spec), world.Node("a", spec: """{"unschedulable":true}""")));

    [Theory]
    [InlineData("", "node(s) had untolerated taint(s)")]
    [InlineData(""" "tolerations":[{"key":"k","operator":"Equal","value":"v","effect":"NoSchedule"}]""", "")]
    [InlineData(""" "tolerations":[{"key":"k","operator":"Equal","value":"w"}]""", "node(s) had untolerated taint(s)")]
    [InlineData(""" "tolerations":[{"key":"k","operator":"Exists","effect":"NoExecute"}]""", "node(s) had untolerated taint(s)")]
    [InlineData(""" "tolerations":[{"operator":"Exists"}]""", "")]
    public void TaintToleration_asks_for_a_matching_toleration(string spec, string reason) => Assert.Equal(
        reason, Reasons(new TaintToleration(), world.Pod("p", spec: spec), world.Node("a", spec: """{"taints":[{"key":"k","value":"v","effect":"NoSchedule"},{"key":"soft","effect":"PreferNoSchedule"}]}""")));

    [Fact]
    public void TaintToleration_prefers_fewer_soft_taints() => Assert.Equal([0, 100], Scores(
        new TaintToleration(), world.Pod("p"), world.Node("a", spec: """{"taints":[{"key":"soft","effect":"PreferNoSchedule"}]}"""), world.Node("b")));

    [Theory]
    [InlineData(""" "nodeSelector":{"zone":"z1"}""", true)]
    [InlineData(""" "nodeSelector":{"zone":"z2"}""", false)]
    [InlineData(""" "nodeSelector":{"disk":"ssd"}""", false)]
    public void NodeAffinity_matches_the_selector(string spec, bool fits) => Assert.Equal(fits, FitsAffinity(spec));

    [Theory]
    [InlineData("In", "zone", "\"z1\",\"z9\"", true)]
    [InlineData("In", "zone", "\"z9\"", false)]
    [InlineData("NotIn", "zone", "\"z9\"", true)]
    [InlineData("NotIn", "absent", "\"z9\"", true)]
    [InlineData("Exists", "zone", "", true)]
    [InlineData("Exists", "absent", "", false)]
    [InlineData("DoesNotExist", "absent", "", true)]
    [InlineData("Gt", "cores", "\"7\"", true)]
    [InlineData("Gt", "cores", "\"8\"", false)]
    [InlineData("Lt", "cores", "\"9\"", true)]
    [InlineData("Lt", "zone", "\"9\"", false)]
    public void NodeAffinity_knows_every_operator(string operation, string key, string values, bool fits) => Assert.Equal(fits, FitsAffinity(Required(
        $$"""{"matchExpressions":[{"key":"{{key}}","operator":"{{operation}}","values":[{{values}}]}]}""")));

    [Fact]
    public void NodeAffinity_terms_are_alternatives_and_an_empty_one_matches_nothing()
    {
        Assert.True(FitsAffinity(Required("""{},{"matchFields":[{"key":"metadata.name","operator":"In","values":["a"]}]}""")));
        Assert.False(FitsAffinity(Required("{}")));
        Assert.False(FitsAffinity(Required("""{"matchFields":[{"key":"metadata.name","operator":"In","values":["b"]}]}""")));
    }

    [Fact]
    public void NodeAffinity_scores_what_is_preferred()
    {
        var (a, b, c) = (world.Node("a", labels: """{"zone":"z1"}"""), world.Node("b", labels: """{"zone":"z1","disk":"ssd"}"""), world.Node("c"));
        var pod = world.Pod("p", spec: """
            "affinity":{"nodeAffinity":{"preferredDuringSchedulingIgnoredDuringExecution":[
              {"weight":20,"preference":{"matchExpressions":[{"key":"zone","operator":"Exists"}]} },
              {"weight":60,"preference":{"matchExpressions":[{"key":"disk","operator":"In","values":["ssd"]}]} }]} }
            """);

        Assert.Equal([25, 100, 0], Scores(new NodeAffinity(), pod, a, b, c));
    }

    [Fact]
    public void NodePorts_gives_a_host_port_once()
    {
        var node = world.Node("a");
        world.Table.Place(world.Pod("first", spec: Ports("8080", "\"127.0.0.1\"")), "a");
        var plugin = new NodePorts();

        Assert.Equal("node(s) didn't have free ports for the requested pod ports", Reasons(plugin, world.Pod("q", spec: Ports("8080", "\"\"")), node));
        Assert.Equal("", Reasons(plugin, world.Pod("r", spec: Ports("8080", "\"10.0.0.1\"")), node));
        Assert.Equal("", Reasons(plugin, world.Pod("s", spec: Ports("8081", "\"\"")), node));
        Assert.True(plugin.Skips(world.Pod("t")));
    }

    [Fact]
    public void NodeName_is_exact() =>
        Assert.Equal("node(s) didn't match the requested node name", Reasons(new NodeName(), world.Pod("p", spec: "\"nodeName\":\"b\""), world.Node("a")));

    private bool FitsAffinity(string spec) =>
        Reasons(new NodeAffinity(), world.Pod("p", spec: spec), world.Node("a", labels: """{"zone":"z1","cores":"8"}""")) is var reason && reason.Length == 0
            ? true
            : reason == "node(s) didn't match Pod's node affinity/selector" ? false : throw new InvalidOperationException(reason);

    private static string Required(string terms) =>
        $$""" "affinity":{"nodeAffinity":{"requiredDuringSchedulingIgnoredDuringExecution":{"nodeSelectorTerms":[{{terms}}]} } }""";

    private static string Ports(string port, string ip) =>
        $$""" "initContainers":[{"name":"s","image":"i","restartPolicy":"Always","ports":[{"containerPort":1,"hostPort":{{port}},"hostIP":{{ip}} }]}]""";

    private static string Reasons(IFilterPlugin plugin, GrainKube.Scheduler.Pods.PodRequest pod, NodeState node)
    {
        var reasons = new List<string>();
        var fits = plugin.Skips(pod) || plugin.Fits(pod, node, reasons);
        Assert.Equal(fits, plugin.Skips(pod) || plugin.Fits(pod, node, null));
        Assert.Equal(fits, reasons.Count == 0);
        return string.Join(',', reasons);
    }

    private static long[] Scores(IScorePlugin plugin, GrainKube.Scheduler.Pods.PodRequest pod, params NodeState[] nodes)
    {
        var scores = new long[nodes.Length];
        plugin.Score(pod, nodes, scores);
        return scores;
    }
}
