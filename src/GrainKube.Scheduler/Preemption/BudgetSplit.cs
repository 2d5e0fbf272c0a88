using GrainKube.Scheduler.Pods;

namespace GrainKube.Scheduler.Preemption;

/// <summary>Which pods, if all of them were pushed out in that order, would break a disruption budget. Pure.</summary>
internal static class BudgetSplit
{
    /// <returns>Those that would, and the others, in the order in which they came.</returns>
    public static (List<PodRequest> Breaking, List<PodRequest> Others) Of(IReadOnlyList<PodRequest> pods, Func<string, IEnumerable<DisruptionBudget>> budgetsOf)
    {
        var (breaking, others) = (new List<PodRequest>(), new List<PodRequest>());
        var known = new Dictionary<string, (DisruptionBudget Budget, int Left)[]>(StringComparer.Ordinal);
        foreach (var pod in pods)
        {
            if (!known.TryGetValue(pod.Key.Namespace, out var budgets))
            {
                known[pod.Key.Namespace] = budgets = [.. budgetsOf(pod.Key.Namespace).Select(b => (b, b.Allowed))];
            }

            (Breaks(pod, budgets) ? breaking : others).Add(pod);
        }

        return (breaking, others);
    }

    private static bool Breaks(PodRequest pod, (DisruptionBudget Budget, int Left)[] budgets)
    {
        var breaks = false;
        for (var i = 0; i < budgets.Length && pod.Labels.Count > 0; i++)
        {
            var budget = budgets[i].Budget;
            if (!budget.Selector.IsEverything && budget.Selector.Matches(pod.Labels) && !budget.Disrupted.Contains(pod.Key.Name))
            {
                breaks |= --budgets[i].Left < 0;
            }
        }

        return breaks;
    }
}
