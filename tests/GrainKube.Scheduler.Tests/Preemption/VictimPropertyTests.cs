using CsCheck;
using GrainKube.Scheduler.Pods;
using GrainKube.Scheduler.Preemption;
using Xunit;

namespace GrainKube.Scheduler.Tests.Preemption;

/// <summary>The choice of victims against brute force.</summary>
public sealed class VictimPropertyTests
{
    private static readonly Gen<(int Cpu, int Priority, int Start)[]> Pods = Gen.Select(Gen.Int[1, 4], Gen.Int[0, 3], Gen.Int[0, 59]).Array[0, 6];

    [Fact]
    public void The_pods_that_stay_are_the_most_important_ones_that_can() => Gen.Select(Pods, Gen.Int[1, 10]).Sample(
        (pods, asked) =>
        {
            var world = new SchedulerWorld();
            var node = world.Node("a", cpu: "10");
            var placed = pods.Select((p, i) => Place(world, "a", $"p{i}", p)).ToList();
            var pod = world.Pod("new", $$"""{"cpu":"{{asked}}"}""", "\"priority\":2");
            var before = node.Used.ToArray();
            var refused = world.Place(pod).Refusal is not null;
            var chosen = refused ? world.Refused(pod).Plan.Chosen : null;

            // Kept pods as bits, the most important first: the greatest number whose pods fit beside the newcomer is what a greedy reprieve must find.
            var lower = placed.Where(p => p.Priority < 2).Order(Importance.First).ToList();
            var room = 10_000 - (asked * 1000) - placed.Where(p => p.Priority >= 2).Sum(p => p.Requests[0]);
            var best = Enumerable.Range(0, 1 << lower.Count).Reverse().Cast<int?>().FirstOrDefault(
                kept => lower.Where((_, i) => (kept & (1 << (lower.Count - 1 - i))) != 0).Sum(p => p.Requests[0]) <= room);
            var expected = !refused || best is null || lower.Count == 0 || room < 0 ? null : lower.Where((_, i) => (best & (1 << (lower.Count - 1 - i))) == 0).ToList();

            // Nothing that was tried in thought is left.
            return node.Used.SequenceEqual(before) && Ids(chosen?.Victims) == Ids(expected);
        },
        iter: 500);

    [Fact]
    public void The_node_is_the_one_that_does_least_harm() => Gen.Select(Pods, Gen.Int[0, 1]).Where(n => n.Item1.Length > 0).Array[1, 5].Sample(
        nodes =>
        {
            var world = new SchedulerWorld();
            var candidates = nodes.Select((n, i) => new Candidate(
                world.Node($"n{i}"), [.. n.Item1.Select((p, j) => Place(world, $"n{i}", $"n{i}p{j}", p)).Order(Importance.First)], n.Item2)).ToList();
            var best = Candidate.Best(candidates);
            return candidates.All(other => NoBetter(other, best));
        },
        iter: 500);

    /// <summary>By the rules, one after the other.</summary>
    private static bool NoBetter(Candidate other, Candidate best)
    {
        (IComparable One, IComparable Best)[] rules =
        [
            (other.Violations, best.Violations),
            (other.Victims.Max(v => v.Priority), best.Victims.Max(v => v.Priority)),
            (Sum(other), Sum(best)),
            (other.Victims.Count, best.Victims.Count),
            (-Start(other), -Start(best)),
        ];
        return rules.Select(r => r.One.CompareTo(r.Best)).FirstOrDefault(c => c != 0) >= 0;

        static long Sum(Candidate c) => c.Victims.Sum(v => v.Priority + 2147483648L);
        static long Start(Candidate c) => c.Victims.Where(v => v.Priority == c.Victims.Max(o => o.Priority)).Min(v => v.Marks.Started!.Value.UtcTicks);
    }

    private static PodRequest Place(SchedulerWorld world, string node, string name, (int Cpu, int Priority, int Start) pod) => world.Placed(
        node, name, $$"""{"cpu":"{{pod.Cpu}}"}""", $"\"priority\":{pod.Priority}", status: $$"""{"startTime":"2026-01-01T00:00:{{pod.Start:00}}Z"}""");

    private static string Ids(IEnumerable<PodRequest>? pods) => pods is null ? "none" : string.Join(' ', pods.Select(p => p.Uid).Order());
}
