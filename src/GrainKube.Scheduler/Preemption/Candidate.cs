using GrainKube.Scheduler.Nodes;
using GrainKube.Scheduler.Pods;

namespace GrainKube.Scheduler.Preemption;

/// <summary>A node that would take the pod if its victims went.</summary>
/// <param name="Node">The node.</param>
/// <param name="Victims">At least one; the most important first.</param>
/// <param name="Violations">How many of them would break a disruption budget.</param>
internal sealed record Candidate(NodeState Node, IReadOnlyList<PodRequest> Victims, int Violations)
{
    /// <summary>
    /// The one that does least harm. In this order: fewest broken budgets, lowest highest priority, lowest sum of priorities, fewest victims, latest start of the longest running of the most
    /// important victims; then the first.
    /// </summary>
    public static Candidate Best(IReadOnlyList<Candidate> candidates)
    {
        var best = candidates[0];
        foreach (var other in candidates.Skip(1))
        {
            best = other.Harm.CompareTo(best.Harm) < 0 ? other : best;
        }

        return best;
    }

    // Priorities are lifted above zero: otherwise many victims of negative priority would seem better than few.
    private (int Violations, int Highest, long Sum, int Count, long Start) Harm =>
        (Violations, Victims[0].Priority, Victims.Sum(v => v.Priority - (long)int.MinValue), Victims.Count, -EarliestStart.UtcTicks);

    private DateTimeOffset EarliestStart => Victims.TakeWhile(v => v.Priority == Victims[0].Priority).Min(Importance.StartOf);
}
