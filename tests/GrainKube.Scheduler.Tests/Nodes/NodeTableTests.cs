using CsCheck;
using GrainKube.Scheduler.Pods;
using Xunit;

namespace GrainKube.Scheduler.Tests.Nodes;

public sealed class NodeTableTests
{
    [Fact]
    public void Placing_and_displacing_never_drifts()
    {
        var steps =
            from action in Gen.Int[0, 3]
            from pod in Gen.Int[0, 9]
            from node in Gen.Int[0, 2]
            from cpu in Gen.Int[0, 5]
            select (action, pod, node, cpu);
        steps.Array[0, 100].Sample(
            script =>
            {
                var world = new SchedulerWorld();
                for (var i = 0; i < 3; i++)
                {
                    world.Node($"n{i}");
                }

                var expected = new Dictionary<string, (PodRequest Pod, string Node)>();
                foreach (var (action, pod, node, cpu) in script)
                {
                    switch (action)
                    {
                        case 0 or 1:
                            var request = world.Pod($"p{pod}", $$"""{"cpu":"{{cpu}}","example.com/gpu":"{{pod}}"}""", $"\"priority\":{cpu * 2}", $$"""{"x":"{{cpu}}"}""");
                            world.Table.Place(request, $"n{node}");
                            expected[request.Uid] = (request, $"n{node}");
                            break;
                        case 2:
                            if (world.Table.Displace($"p{pod}") != expected.Remove($"p{pod}"))
                            {
                                return false;
                            }

                            break;
                        default:
                            // A node that goes and comes back still has its pods.
                            world.Table.Remove($"n{node}");
                            world.Node($"n{node}");
                            break;
                    }
                }

                var groups = world.Table.Groups.In("n");
                return world.Table.Nodes.All(n => groups.Sum(g => g.On(n)) == expected.Values.Count(e => e.Node == n.Name))
                    && world.Table.Nodes.All(n => n.HasBelow(5) == expected.Values.Any(e => e.Node == n.Name && e.Pod.Priority < 5))
                    && groups.All(g => !g.IsEmpty)
                    && world.Table.Nodes.All(n => Enumerable.Range(0, n.Used.Length).All(
                    i => n.Used[i] == expected.Values.Where(e => e.Node == n.Name).Sum(e => e.Pod.Requests[i])));
            },
            iter: 500);
    }

    [Fact]
    public void Only_a_change_that_may_let_pods_in_is_news()
    {
        var world = new SchedulerWorld();
        Assert.True(world.Table.Set(SchedulerWorld.NodeObject("a")));
        Assert.False(world.Table.Set(SchedulerWorld.NodeObject("a")));
        Assert.True(world.Table.Set(SchedulerWorld.NodeObject("a", cpu: "5")));
        Assert.True(world.Table.Set(SchedulerWorld.NodeObject("a", cpu: "5", labels: """{"x":"y"}""")));
        Assert.True(world.Table.Set(SchedulerWorld.NodeObject("a", cpu: "5", labels: """{"x":"y"}""", spec: """{"taints":[{"key":"k","effect":"NoSchedule"}]}""")));
    }
}
