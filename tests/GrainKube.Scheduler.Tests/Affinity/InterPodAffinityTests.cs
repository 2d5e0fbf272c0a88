using GrainKube.Scheduler.Affinity;
using GrainKube.Scheduler.Pods;
using Xunit;

namespace GrainKube.Scheduler.Tests.Affinity;

public sealed class InterPodAffinityTests
{
    private const string Web = """{"app":"web"}""";
    private readonly SchedulerWorld world = new();

    public InterPodAffinityTests()
    {
        world.Node("a1", labels: """{"zone":"a","host":"a1"}""");
        world.Node("a2", labels: """{"zone":"a","host":"a2"}""");
        world.Node("b1", labels: """{"zone":"b","host":"b1"}""");
        world.Node("x1", labels: """{"host":"x1"}""");
    }

    [Fact]
    public void Required_company_is_looked_for_in_the_same_place()
    {
        world.Placed("a1", "w", labels: Web);
        Assert.Equal("a1 a2", Fitting(Wants("p", "podAffinity", Term("zone", "web"))));
        Assert.Equal("a1", Fitting(Wants("p", "podAffinity", Term("host", "web"))));
    }

    [Fact]
    public void Missing_company_is_told_and_no_reason_to_push_others_out()
    {
        Assert.Equal(
            "0/4 nodes are available: 4 node(s) didn't match pod affinity rules. preemption: 0/4 nodes are available: 4 Preemption is not helpful for scheduling.",
            world.Refused(Wants("p", "podAffinity", Term("zone", "web"))).Told);
    }

    [Fact]
    public void The_first_of_those_who_want_their_own_kind_may_start_anywhere_that_has_the_label()
    {
        var first = Wants("p", "podAffinity", Term("zone", "web"), Web);
        Assert.Equal("a1 a2 b1", Fitting(first));
        world.Table.Place(first, "b1");
        Assert.Equal("b1", Fitting(Wants("q", "podAffinity", Term("zone", "web"), Web)));
    }

    [Fact]
    public void Only_pods_that_every_term_means_are_company()
    {
        world.Placed("a1", "w", labels: Web);
        world.Placed("b1", "both", labels: """{"app":"web","tier":"front"}""");
        Assert.Equal("b1", Fitting(Wants("p", "podAffinity", Term("zone", "web") + "," + Term("zone", "front", "tier"))));
    }

    [Fact]
    public void Those_to_be_avoided_close_their_place()
    {
        world.Placed("a1", "w", labels: Web);
        var shy = Wants("p", "podAntiAffinity", Term("zone", "web"));
        Assert.Equal("b1 x1", Fitting(shy));
        Assert.Contains("node(s) didn't match pod anti-affinity rules", Why(shy, "a2"));
    }

    [Fact]
    public void Those_who_avoid_the_newcomer_close_their_place_too()
    {
        world.Table.Place(Wants("shy", "podAntiAffinity", Term("zone", "web")), "a1");
        var web = world.Pod("w", labels: Web);
        Assert.Equal("b1 x1", Fitting(web));
        Assert.Contains("node(s) didn't satisfy existing pods anti-affinity rules", Why(web, "a1"));
        Assert.Equal("a1 a2 b1 x1", Fitting(world.Pod("other", labels: """{"app":"db"}""")));
        world.Table.Displace("shy");
        Assert.Equal("a1 a2 b1 x1", Fitting(web));
    }

    [Fact]
    public void A_term_is_about_its_own_namespace_those_named_and_those_selected()
    {
        world.Cluster.Namespaces["far"] = new() { ["team"] = "x" };
        world.Table.Place(world.Pod("w", labels: Web, ns: "far"), "a1");
        var own = Term("host", "web");
        Assert.Equal("", Fitting(Wants("p", "podAffinity", own)));
        Assert.Equal("a1", Fitting(Wants("p", "podAffinity", own[..^1] + ""","namespaces":["far"]}""")));
        Assert.Equal("a1", Fitting(Wants("p", "podAffinity", own[..^1] + ""","namespaceSelector":{"matchLabels":{"team":"x"} } }""")));
        Assert.Equal("a1", Fitting(Wants("p", "podAffinity", own[..^1] + ""","namespaceSelector":{} }""")));
        Assert.Equal("", Fitting(Wants("p", "podAffinity", own[..^1] + ""","namespaceSelector":{"matchLabels":{"team":"y"} } }""")));
    }

    [Fact]
    public void Preferred_company_scores_and_unwanted_company_scores_against()
    {
        world.Placed("a1", "w", labels: Web);
        world.Placed("b1", "d", labels: """{"app":"db"}""");
        var pod = Wants("p", "podAffinity", "", preferred: Weighted(10, Term("zone", "web")), anti: Weighted(5, Term("zone", "db")));
        Assert.Equal([100, 100, 0, 33], Scores(pod));
    }

    [Fact]
    public void Those_who_are_there_have_a_say()
    {
        world.Table.Place(Wants("fan", "podAffinity", "", preferred: Weighted(3, Term("host", "web"))), "a1");
        world.Table.Place(Wants("needs", "podAffinity", Term("host", "web")), "b1");
        Assert.Equal([100, 0, 33, 0], Scores(world.Pod("p", labels: Web)));
        Assert.True(((GrainKube.Scheduler.Plugins.IScorePlugin)new InterPodAffinity(new SchedulerWorld().Table.Groups, world.Cluster)).Skips(world.Pod("p")));
    }

    private string Fitting(PodRequest pod)
    {
        var plugin = new InterPodAffinity(world.Table.Groups, world.Cluster);
        plugin.Prepare(pod);
        return string.Join(' ', world.Table.Nodes.Where(n => plugin.Fits(pod, n, null)).Select(n => n.Name));
    }

    private List<string> Why(PodRequest pod, string node)
    {
        var (plugin, reasons) = (new InterPodAffinity(world.Table.Groups, world.Cluster), new List<string>());
        plugin.Prepare(pod);
        Assert.False(plugin.Fits(pod, world.Table.Find(node)!, reasons));
        return reasons;
    }

    private long[] Scores(PodRequest pod)
    {
        var scores = new long[world.Table.Nodes.Count];
        new InterPodAffinity(world.Table.Groups, world.Cluster).Score(pod, [.. world.Table.Nodes], scores);
        return scores;
    }

    private PodRequest Wants(string name, string kind, string required, string labels = "{}", string preferred = "", string anti = "") => world.Pod(name, labels: labels, spec: $$"""
        "affinity":{"{{kind}}":{"requiredDuringSchedulingIgnoredDuringExecution":[{{required}}],"preferredDuringSchedulingIgnoredDuringExecution":[{{preferred}}]}
        {{(anti.Length > 0 ? $$""","podAntiAffinity":{"preferredDuringSchedulingIgnoredDuringExecution":[{{anti}}]}""" : "")}} }
        """);

    private static string Term(string key, string value, string label = "app") => $$"""{"topologyKey":"{{key}}","labelSelector":{"matchLabels":{"{{label}}":"{{value}}"} } }""";

    private static string Weighted(int weight, string term) => $$"""{"weight":{{weight}},"podAffinityTerm":{{term}} }""";
}
