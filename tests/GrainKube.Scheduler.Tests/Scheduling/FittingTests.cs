using CsCheck;
using GrainKube.Scheduler.Affinity;
using GrainKube.Scheduler.Plugins;
using GrainKube.Scheduler.Pods;
using GrainKube.Scheduler.Scheduling;
using GrainKube.Scheduler.Spreading;
using Xunit;

namespace GrainKube.Scheduler.Tests.Scheduling;

public sealed class FittingTests
{
    [Fact]
    public void What_is_done_in_thought_is_what_would_come_of_it()
    {
        var pods = Gen.Select(Gen.Int[0, 4], Gen.Int[0, 2], Gen.Int[0, 3]);
        Gen.Select(pods.Array[1, 8], Gen.Select(Gen.Int[0, 2], Gen.Int[0, 3]), Gen.Int[0, 7]).Sample(
            (before, asking, gone) =>
            {
                var world = new SchedulerWorld();
                for (var i = 0; i < 5; i++)
                {
                    world.Node($"n{i}", cpu: "2", labels: $$"""{"zone":"z{{i / 2}}","host":"n{{i}}"}""");
                }

                foreach (var ((node, app, rule), i) in before.Select((b, i) => (b, i)))
                {
                    world.Table.Place(Pod(world, $"p{i}", app, rule), $"n{node}");
                }

                var pod = Pod(world, "new", asking.Item1, asking.Item2);
                var leaves = world.Table.Placed($"p{gone % before.Length}")!.Value;
                var inThought = Prepared(world, pod);
                var untouched = Answers(world, inThought);
                inThought.Move(leaves.Pod, leaves.Node, -1);
                var thought = Answers(world, inThought);
                inThought.Move(leaves.Pod, leaves.Node, 1);
                var takenBack = Answers(world, inThought);
                world.Table.Displace(leaves.Pod.Uid);
                return thought == Answers(world, Prepared(world, pod)) && untouched == takenBack;
            },
            iter: 500);
    }

    private static Fitting Prepared(SchedulerWorld world, PodRequest pod)
    {
        IFilterPlugin[] filters = [new NodeResourcesFit(world.Names), new PodTopologySpread(world.Table, world.Cluster), new InterPodAffinity(world.Table.Groups, world.Cluster)];
        foreach (var filter in filters.OfType<IWorldFilterPlugin>())
        {
            filter.Prepare(pod);
        }

        return new Fitting(pod, filters);
    }

    private static string Answers(SchedulerWorld world, Fitting fitting) => string.Join(' ', world.Table.Nodes.Select(n => fitting.RefuserOn(n, null)?.Name ?? "fits"));

    private static PodRequest Pod(SchedulerWorld world, string name, int app, int rule)
    {
        var term = $$"""{"topologyKey":"zone","labelSelector":{"matchLabels":{"app":"{{(app + 1) % 3}}"} } }""";
        return world.Pod(name, """{"cpu":"1"}""", labels: $$"""{"app":"{{app}}"}""", spec: rule switch
        {
            1 => $$""" "affinity":{"podAntiAffinity":{"requiredDuringSchedulingIgnoredDuringExecution":[{{term}}]} }""",
            2 => $$""" "affinity":{"podAffinity":{"requiredDuringSchedulingIgnoredDuringExecution":[{{term}}]} }""",
            3 => $$""" "topologySpreadConstraints":[{"maxSkew":1,"topologyKey":"zone","whenUnsatisfiable":"DoNotSchedule","labelSelector":{"matchLabels":{"app":"{{app}}"} } }]""",
            _ => "",
        });
    }
}
