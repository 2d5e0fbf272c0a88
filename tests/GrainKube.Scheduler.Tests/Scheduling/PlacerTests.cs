using GrainKube.Scheduler.Scheduling;
using Xunit;

namespace GrainKube.Scheduler.Tests.Scheduling;

public sealed class PlacerTests
{
    private readonly SchedulerWorld world = new();

    [Fact]
    public void Refusals_are_explained_in_upstreams_words()
    {
        world.Node("full");
        world.Node("tainted-1", spec: """{"taints":[{"key":"k","effect":"NoSchedule"}]}""");
        world.Node("tainted-2", spec: """{"taints":[{"key":"k","effect":"NoExecute"}]}""");
        world.Table.Place(world.Pod("hog", """{"cpu":"4"}"""), "full");

        Assert.Equal(
            "0/3 nodes are available: 1 Insufficient cpu, 2 node(s) had untolerated taint(s). preemption: 0/3 nodes are available: 1 No preemption victims found for incoming pod, 2 Preemption is not helpful for scheduling.",
            world.Refused(world.Pod("p", """{"cpu":"1"}""")).Told);
    }

    [Fact]
    public void Preemption_does_not_help_where_no_node_is_large_enough()
    {
        world.Node("a");

        Assert.Equal(
            "0/1 nodes are available: 1 Insufficient cpu, 1 Insufficient memory. preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling.",
            world.Refused(world.Pod("p", """{"cpu":"100","memory":"100Gi"}""")).Told);
    }

    [Fact]
    public void Without_nodes_it_says_so() => Assert.Equal("no nodes available to schedule pods", world.Place(world.Pod("p")).Refusal?.Message);

    [Fact]
    public void Equal_pods_spread_over_equal_nodes()
    {
        for (var i = 0; i < 10; i++)
        {
            world.Node($"n{i}");
        }

        var placer = world.NewPlacer();
        for (var i = 0; i < 100; i++)
        {
            var pod = world.Pod($"p{i}", """{"cpu":"100m","memory":"128Mi"}""");
            world.Table.Place(pod, placer.Place(pod).Node!.Name);
        }

        Assert.All(world.Table.Nodes, n => Assert.Equal(1000, n.Used[0]));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(99, 99)]
    [InlineData(100, 100)]
    [InlineData(500, 230)]
    [InlineData(5000, 500)]
    [InlineData(20000, 1000)]
    public void Large_clusters_are_sampled_as_upstream_does(int nodes, int enough) => Assert.Equal(enough, Placer.EnoughOf(nodes));
}
