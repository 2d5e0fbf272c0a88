using GrainKube.ApiMachinery.Selectors;
using GrainKube.Scheduler.Pods;
using GrainKube.Scheduler.Preemption;
using Xunit;

namespace GrainKube.Scheduler.Tests.Preemption;

public sealed class PreemptorTests
{
    private readonly SchedulerWorld world = new();

    [Fact]
    public void The_least_important_pod_that_makes_room_goes()
    {
        world.Node("a");
        Low("a", "x", 3, 1);
        Low("a", "y", 1, 2);

        Assert.Equal(("a", "x"), Plan(High(2)));
    }

    [Fact]
    public void Pods_that_may_stay_stay()
    {
        world.Node("a");
        foreach (var name in new[] { "w", "x", "y", "z" })
        {
            Low("a", name, 1, 1);
        }

        Assert.Single(world.Refused(High(1)).Plan.Chosen!.Victims);
    }

    [Fact]
    public void Nobody_of_equal_or_higher_priority_goes()
    {
        world.Node("a");
        Low("a", "x", 4, 10);

        var (plan, told) = world.Refused(High(1, priority: 10));

        Assert.Null(plan.Chosen);
        Assert.Equal("0/1 nodes are available: 1 Insufficient cpu. preemption: 0/1 nodes are available: 1 No preemption victims found for incoming pod.", told);
    }

    [Fact]
    public void It_is_told_what_would_still_be_missing()
    {
        world.Node("a");
        Low("a", "x", 2, 1);
        Low("a", "big", 2, 2000);

        Assert.Equal("0/1 nodes are available: 1 Insufficient cpu. preemption: 0/1 nodes are available: 1 Insufficient cpu.", world.Refused(High(3)).Told);
    }

    [Fact]
    public void A_pod_that_may_not_preempt_does_not()
    {
        world.Node("a");
        Low("a", "x", 4, 1);

        var (plan, told) = world.Refused(High(1, spec: ",\"preemptionPolicy\":\"Never\""));

        Assert.Null(plan.Chosen);
        Assert.Equal("0/1 nodes are available: 1 Insufficient cpu. preemption: not eligible due to preemptionPolicy=Never.", told);
    }

    [Fact]
    public void Extended_resources_are_fought_for_like_others()
    {
        world.Node("a", more: ""","example.com/fakecpu":"5" """);
        world.Placed("a", "x", """{"example.com/fakecpu":"4"}""", "\"priority\":1");

        var (plan, told) = world.Refused(world.Pod("p", """{"example.com/fakecpu":"3"}""", "\"priority\":100"));

        Assert.Equal("x", Assert.Single(plan.Chosen!.Victims).Uid);
        Assert.Equal("0/1 nodes are available: 1 Insufficient example.com/fakecpu.", told);
    }

    [Fact]
    public void Who_keeps_the_newcomer_away_goes()
    {
        world.Node("a", labels: """{"zone":"z"}""");
        world.Placed("a", "shy", spec: """ "priority":1,"affinity":{"podAntiAffinity":{"requiredDuringSchedulingIgnoredDuringExecution":[{"topologyKey":"zone","labelSelector":{"matchLabels":{"app":"web"} } }]} }""");
        world.Placed("a", "calm", spec: "\"priority\":1");

        Assert.Equal(("a", "shy"), Plan(world.Pod("p", spec: "\"priority\":5", labels: """{"app":"web"}""")));
    }

    [Fact]
    public void A_crowded_domain_is_thinned_out()
    {
        world.Node("a", labels: """{"zone":"a"}""");
        world.Node("b", cpu: "1", labels: """{"zone":"b"}""");
        world.Placed("a", "x", spec: "\"priority\":1", labels: """{"app":"web"}""");
        var pod = world.Pod("p", """{"cpu":"2"}""", """ "priority":5,"topologySpreadConstraints":[{"maxSkew":1,"topologyKey":"zone","whenUnsatisfiable":"DoNotSchedule","labelSelector":{"matchLabels":{"app":"web"} } }]""", """{"app":"web"}""");

        Assert.Equal(("a", "x"), Plan(pod));
    }

    [Fact]
    public void While_its_victims_go_it_does_not_push_out_more()
    {
        world.Node("a");
        world.Node("b");
        world.Placed("a", "x", """{"cpu":"4"}""", "\"priority\":1", terminating: true, status: """{"conditions":[{"type":"DisruptionTarget","status":"True","reason":"PreemptionByScheduler"}]}""");
        Low("b", "y", 4, 1);
        var pod = High(1);
        world.Table.Nominate(pod, "a");

        var (plan, told) = world.Refused(pod);

        Assert.Null(plan.Chosen);
        Assert.True(plan.KeepsNomination);
        Assert.Equal("0/2 nodes are available: 2 Insufficient cpu. preemption: not eligible due to a terminating pod on the nominated node.", told);
    }

    [Fact]
    public void Room_that_is_kept_for_another_is_not_taken_by_a_lesser_pod()
    {
        world.Node("a");
        world.Table.Nominate(High(3), "a");

        Assert.Null(world.Place(world.Pod("lesser", """{"cpu":"2"}""", "\"priority\":5")).Node);
        Assert.Equal("a", world.Place(world.Pod("small", """{"cpu":"1"}""")).Node?.Name);
        Assert.Equal("a", world.Place(world.Pod("greater", """{"cpu":"2"}""", "\"priority\":5000")).Node?.Name);
        Assert.Equal(0, world.Table.Find("a")!.Used[0]);
    }

    [Fact]
    public void A_pod_goes_where_room_was_made_for_it()
    {
        for (var i = 0; i < 20; i++)
        {
            world.Node($"n{i}");
        }

        world.Placed("n7", "other", """{"cpu":"2"}""");
        var pod = High(1);
        world.Table.Nominate(pod, "n7");

        Assert.Equal("n7", world.Place(pod).Node?.Name);
    }

    [Fact]
    public void The_node_where_no_budget_breaks_is_better()
    {
        world.Node("a");
        world.Node("b");
        world.Placed("a", "guarded", """{"cpu":"4"}""", "\"priority\":1", """{"app":"db"}""");
        Low("b", "free", 4, 50);
        world.Cluster.Budgets.Add(new DisruptionBudget("n", LabelSelector.Parse("app=db"), 0, new HashSet<string>()));

        Assert.Equal(("b", "free"), Plan(High(4)));
    }

    [Fact]
    public void Those_whose_loss_breaks_a_budget_stay_first()
    {
        world.Node("a");
        world.Placed("a", "guarded", """{"cpu":"2"}""", "\"priority\":1", """{"app":"db"}""");
        Low("a", "free", 2, 50);
        world.Cluster.Budgets.Add(new DisruptionBudget("n", LabelSelector.Parse("app=db"), 0, new HashSet<string>()));

        Assert.Equal(("a", "free"), Plan(High(2)));
    }

    [Fact]
    public void A_budget_that_is_used_up_by_earlier_victims_breaks_for_later_ones()
    {
        world.Node("a");
        foreach (var name in new[] { "x", "y" })
        {
            world.Placed("a", name, """{"cpu":"2"}""", "\"priority\":1", """{"app":"db"}""");
        }

        world.Cluster.Budgets.Add(new DisruptionBudget("n", LabelSelector.Parse("app=db"), 1, new HashSet<string>()));
        Assert.Equal(1, world.Refused(High(4)).Plan.Chosen!.Violations);
        world.Cluster.Budgets[0] = world.Cluster.Budgets[0] with { Disrupted = new HashSet<string> { "x" } };
        Assert.Equal(0, world.Refused(High(4)).Plan.Chosen!.Violations);
    }

    [Fact]
    public void Where_only_labels_are_missing_nobody_goes()
    {
        world.Node("a", spec: """{"taints":[{"key":"k","effect":"NoSchedule"}]}""");
        Low("a", "x", 4, 1);

        Assert.EndsWith("preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling.", world.Refused(High(1)).Told);
    }

    private PodRequest High(int cpu, int priority = 1000, string spec = "") => world.Pod("high", $$"""{"cpu":"{{cpu}}"}""", $"\"priority\":{priority}{spec}");

    private void Low(string node, string name, int cpu, int priority) => world.Placed(node, name, $$"""{"cpu":"{{cpu}}"}""", $"\"priority\":{priority}");

    private (string? Node, string Victims) Plan(PodRequest pod)
    {
        var chosen = world.Refused(pod).Plan.Chosen;
        return (chosen?.Node.Name, string.Join(' ', (chosen?.Victims ?? []).Select(v => v.Uid)));
    }
}
