using CsCheck;
using GrainKube.Controllers.StatefulSets;
using GrainKube.Testing.Clusters;
using Xunit;

namespace GrainKube.Controllers.Tests.StatefulSets;

public sealed class StatefulSetPlanTests
{
    private static readonly DateTimeOffset Now = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly Gen<World> Worlds =
        from replicas in Gen.Int[0, 5]
        from start in Gen.Int[0, 2]
        from ordered in Gen.Bool
        from rolling in Gen.Bool
        from partition in Gen.Int[0, 5]
        from unavailable in Gen.Int[1, 3]
        from pods in Gen.Select(Gen.Bool, Gen.Enum<State>(), Gen.Bool).Array[8]
        select new World(
            new StatefulSetRules(replicas, start, ordered, rolling, partition, unavailable),
            [.. pods.Select((p, i) => (p, i)).Where(p => p.p.Item1).Select(p => Pod(p.i, p.p.Item2, p.p.Item3 ? "new" : "old"))]);

    [Fact]
    public void An_ordered_set_changes_one_pod_at_a_time_and_never_above_one_that_is_not_well() => Worlds.Where(w => w.Rules.IsOrdered).Sample(
        w =>
        {
            var plan = Plan(w);
            var created = plan.Create.Select(c => c.Ordinal).ToList();
            return created.Count <= 1
                && created.Concat(plan.Delete.Select(p => p.Ordinal).Where(w.Rules.Contains))
                    .All(o => Enumerable.Range(w.Rules.Start, Math.Max(0, o - w.Rules.Start)).All(below => w.Pods.Any(p => p.Ordinal == below && p.IsAvailable && !p.IsTerminating)))
                && plan.Delete.Count(p => !w.Rules.Contains(p.Ordinal)) <= 1;
        },
        iter: 3000);

    [Fact]
    public void What_is_deleted_is_too_high_or_of_an_old_revision_at_or_above_the_partition() => Worlds.Sample(
        w => Plan(w).Delete.All(p => !p.IsTerminating
            && (!w.Rules.Contains(p.Ordinal) || (w.Rules.IsRolling && p.Revision == "old" && p.Ordinal >= w.Rules.Start + w.Rules.Partition))),
        iter: 3000);

    [Fact]
    public void An_update_never_takes_more_available_pods_than_it_may() => Worlds.Sample(
        w =>
        {
            var available = w.Pods.Count(p => w.Rules.Contains(p.Ordinal) && p.IsAvailable && !p.IsTerminating);
            var taken = Plan(w).Delete.Count(p => w.Rules.Contains(p.Ordinal) && p.IsAvailable);
            return taken == 0 || available - taken >= w.Rules.Replicas - w.Rules.MaxUnavailable;
        },
        iter: 3000);

    [Fact]
    public void Steps_taken_one_after_the_other_end_with_exactly_the_wanted_pods() => Worlds.Sample(
        w =>
        {
            var pods = w.Pods.Where(p => !p.IsTerminating).ToList();
            for (var step = 0; step < 60; step++)
            {
                var plan = Plan(w with { Pods = pods });
                if (plan.Create.Count + plan.Delete.Count + plan.Replace.Count == 0 && pods.All(p => p.IsAvailable))
                {
                    break;
                }

                // Everything that was left alone gets well, and what was deleted is gone.
                pods = [.. pods.Except(plan.Delete).Except(plan.Replace).Select(p => p.IsFinished ? p : Pod(p.Ordinal, State.Ready, p.Revision))];
                pods.AddRange(plan.Create.Select(c => Pod(c.Ordinal, State.Ready, c.IsCurrent ? "old" : "new")));
            }

            return pods.Select(p => p.Ordinal).Order().SequenceEqual(Enumerable.Range(w.Rules.Start, w.Rules.Replicas))
                && (!w.Rules.IsRolling || pods.All(p => p.Ordinal < w.Rules.Start + w.Rules.Partition || p.Revision == "new"));
        },
        iter: 2000);

    [Fact]
    public void A_pod_below_the_partition_is_made_as_it_was()
    {
        var rules = new StatefulSetRules(3, 0, false, true, 2, 1);

        Assert.Equal([(0, true), (1, true), (2, false)], StatefulSetPlan.For(rules, 0, "new", [], _ => true).Create.Select(c => (c.Ordinal, c.IsCurrent)));
    }

    [Fact]
    public void A_pod_whose_claims_are_leaving_waits()
    {
        Assert.Empty(StatefulSetPlan.For(new StatefulSetRules(2, 0, true, true, 0, 1), 0, "new", [], o => o != 0).Create);
        Assert.Equal([1], StatefulSetPlan.For(new StatefulSetRules(2, 0, false, true, 0, 1), 0, "new", [], o => o != 0).Create.Select(c => c.Ordinal));
    }

    [Fact]
    public void A_surplus_pod_that_is_sick_holds_those_above_it_unless_it_is_the_lowest_such()
    {
        var rules = new StatefulSetRules(1, 0, true, true, 0, 1);

        Assert.Empty(StatefulSetPlan.For(rules, 0, "new", [Pod(0, State.Ready, "new"), Pod(1, State.Running, "new"), Pod(2, State.Running, "new")], _ => true).Delete);
        Assert.Equal([2], StatefulSetPlan.For(rules, 0, "new", [Pod(0, State.Ready, "new"), Pod(1, State.Ready, "new"), Pod(2, State.Running, "new")], _ => true).Delete.Select(p => p.Ordinal));
    }

    private static StatefulSetPlan Plan(World w) => StatefulSetPlan.For(w.Rules, 0, "new", w.Pods, _ => true);

    private static StatefulPod Pod(int ordinal, State state, string revision)
    {
        var json = Sample.Pod($"web-{ordinal}", $$"""{"controller-revision-hash":"{{revision}}"}""", "\"nodeName\":\"n\"");
        json["metadata"]!["namespace"] = "n";
        if (state == State.Terminating)
        {
            json["metadata"]!["deletionTimestamp"] = "2029-01-01T00:00:00Z";
        }

        var phase = state switch { State.Failed => "Failed", State.Pending => "Pending", _ => "Running" };
        json["status"] = Sample.Parse($$"""
            {"phase":"{{phase}}","conditions":[{"type":"Ready","status":"{{(state == State.Ready ? "True" : "False")}}","lastTransitionTime":"2029-01-01T00:00:00Z"}]}
            """);
        return new StatefulPod(Sample.Object("", "pods", json), ordinal, 0, Now);
    }

    private enum State
    {
        Pending,
        Running,
        Ready,
        Failed,
        Terminating,
    }

    private sealed record World(StatefulSetRules Rules, IReadOnlyList<StatefulPod> Pods);
}
