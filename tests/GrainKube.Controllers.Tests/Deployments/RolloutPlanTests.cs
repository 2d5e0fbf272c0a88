using System.Globalization;
using CsCheck;
using GrainKube.Controllers.Deployments;
using GrainKube.Testing.Clusters;
using Xunit;

namespace GrainKube.Controllers.Tests.Deployments;

public sealed class RolloutPlanTests
{
    [Fact]
    public void A_rollout_never_leaves_its_bounds_and_always_ends()
    {
        var cases =
            from replicas in Gen.Int[0, 12]
            from surge in Gen.Int[0, 5]
            from unavailable in Gen.Int[0, 5]
            from old in Gen.Int[0, 12].Array[0, 3]
            from broken in Gen.Bool
            from seed in Gen.Int
            select (replicas, surge, unavailable: surge == 0 && unavailable == 0 ? 1 : Math.Min(unavailable, replicas), old: Bounded(old, replicas), broken, seed);
        cases.Sample(c => Roll(c.replicas, c.surge, c.unavailable, c.old, c.broken, c.seed), iter: 2000);
    }

    [Fact]
    public void Pods_that_do_not_work_go_first()
    {
        var (healthy, broken, current) = (Set("healthy", 0, 3, 3), Set("broken", 1, 2, 0), Set("new", 2, 1, 0));

        var steps = RolloutPlan.Roll(5, 1, 2, current, [healthy, broken]);

        Assert.Equal(0, steps[broken]);
        Assert.False(steps.ContainsKey(healthy));
    }

    [Fact]
    public void Scaling_one_live_set_gives_it_all()
    {
        var (live, idle) = (Set("live", 0, 2, 2), Set("idle", 1, 0, 0));

        Assert.Equal(7, Assert.Single(RolloutPlan.Scale(7, 0, live, [idle])).Value);
    }

    [Fact]
    public void Scaling_while_rolling_shares_in_proportion()
    {
        var old = Told(Set("old", 0, 8, 8), 10, 13);
        var current = Told(Set("new", 1, 5, 2), 10, 13);

        var sizes = RolloutPlan.Scale(15, 3, current, [old]);

        Assert.Equal((11, 7), (sizes[old], sizes[current]));
    }

    [Fact]
    public void Proportional_scaling_reaches_the_whole_exactly()
    {
        var cases =
            from sizes in Gen.Int[1, 20].Array[2, 4]
            from replicas in Gen.Int[0, 60]
            from surge in Gen.Int[0, 10]
            from room in Gen.Int[0, 10]
            select (sizes, replicas, surge, before: sizes.Sum() + room);
        cases.Sample(
            c =>
            {
                var sets = c.sizes.Select((size, i) => Told(Set($"s{i}", i, size, size / 2), c.before, c.before)).ToList();
                var changes = RolloutPlan.Scale(c.replicas, c.surge, sets[^1], sets[..^1]);
                var after = sets.Sum(s => changes.GetValueOrDefault(s, s.Spec));
                return changes.Values.All(v => v >= 0) && after == (c.replicas == 0 ? 0 : c.replicas + c.surge);
            },
            iter: 2000);
    }

    [Fact]
    public void The_oldest_idle_revisions_are_superfluous_and_those_with_pods_stay()
    {
        var sets = Enumerable.Range(1, 5).Select(i => Revised(Set($"r{i}", i, i == 2 ? 1 : 0, 0), i)).ToList();

        Assert.Equal(["r1", "r3"], RolloutPlan.Superfluous(sets, 2).Select(s => s.Name));
        Assert.Empty(RolloutPlan.Superfluous(sets, 5));
        Assert.Empty(RolloutPlan.Superfluous([Set("unseen", 0, 0, 0) with { IsObserved = false }], 0));
    }

    // The world: pods become available one by one, in any order; sizes that were asked for are carried out at any time.
    private static void Roll(int replicas, int surge, int unavailable, int[] oldSizes, bool broken, int seed)
    {
        var random = new Random(seed);
        var old = oldSizes.Select((size, i) => Set($"old{i}", i, size, broken && i == 0 ? 0 : size)).ToList();
        var current = Set("new", 99, 0, 0);
        var start = old.Sum(o => o.Available);
        for (var turn = 0; ; turn++)
        {
            Assert.True(turn < 2000, "The rollout does not end.");
            var all = old.Append(current).ToList();
            var steps = RolloutPlan.Roll(replicas, surge, unavailable, current, old);
            var most = Math.Max(replicas + surge, all.Sum(s => s.Spec));
            foreach (var (set, size) in steps)
            {
                var changed = set with { Spec = size, Available = Math.Min(set.Available, size) };
                current = set == current ? changed : current;
                old = [.. old.Select(o => o == set ? changed : o)];
            }

            Assert.True(old.Sum(o => o.Spec) + current.Spec <= most, "Too many pods.");
            var available = old.Sum(o => o.Available) + current.Available;
            Assert.True(available >= Math.Min(replicas - unavailable, start), $"Only {available} pods are available.");
            if (steps.Count == 0 && current.Available == current.Spec)
            {
                break;
            }

            if (current.Available < current.Spec && (steps.Count == 0 || random.Next(2) == 0))
            {
                current = current with { Available = current.Available + 1 };
            }

            start = Math.Max(start, Math.Min(replicas - unavailable, old.Sum(o => o.Available) + current.Available));
        }

        Assert.Equal(replicas, current.Spec);
        Assert.All(old, o => Assert.Equal(0, o.Spec));
    }

    // A rollout begins with as many pods as the deployment has.
    private static int[] Bounded(int[] sizes, int replicas)
    {
        var left = replicas;
        return [.. sizes.Select(s =>
        {
            var size = Math.Min(s, left);
            left -= size;
            return size;
        })];
    }

    internal static Replicas Set(string name, int age, int spec, int available)
    {
        var item = Sample.Object("apps", "replicasets", Sample.Parse(
            $$"""{"apiVersion":"apps/v1","kind":"ReplicaSet","metadata":{"name":"{{name}}","namespace":"n","creationTimestamp":"{{DateTimeOffset.UnixEpoch.AddMinutes(age):yyyy-MM-dd'T'HH:mm:ss'Z'}}"} }"""));
        return new Replicas(item, spec, spec, available, available, 0);
    }

    private static Replicas Told(Replicas set, int desired, int most) => set with
    {
        Annotations = new Dictionary<string, string>
        {
            [DeploymentAnnotations.DesiredReplicas] = desired.ToString(CultureInfo.InvariantCulture),
            [DeploymentAnnotations.MaxReplicas] = most.ToString(CultureInfo.InvariantCulture),
        },
    };

    private static Replicas Revised(Replicas set, int revision) => set with
    {
        Annotations = new Dictionary<string, string> { [DeploymentAnnotations.Revision] = revision.ToString(CultureInfo.InvariantCulture) },
    };
}
