using GrainKube.Scheduler.Nodes;
using GrainKube.Scheduler.Pods;
using GrainKube.Scheduler.Scheduling;

namespace GrainKube.Scheduler.Preemption;

/// <summary>Finds the fewest and least important pods that have to leave a node for a pod to fit there. Everything is tried in thought.</summary>
internal sealed class VictimSearch(Fitting fitting, Func<string, IEnumerable<DisruptionBudget>> budgets)
{
    /// <param name="node">The node.</param>
    /// <param name="reasons">Takes why the pod would not fit even without all pods of lower priority, in upstream's words.</param>
    /// <returns>Null where removing pods does not help.</returns>
    public Candidate? On(NodeState node, ICollection<string> reasons)
    {
        if (!node.HasBelow(fitting.Pod.Priority))
        {
            reasons.Add("No preemption victims found for incoming pod");
            return null;
        }

        var lower = node.Pods.Where(p => p.Priority < fitting.Pod.Priority).Order(Importance.First).ToList();
        var away = new HashSet<PodRequest>(ReferenceEqualityComparer.Instance);
        try
        {
            foreach (var pod in lower)
            {
                fitting.Move(pod, node, -1);
                away.Add(pod);
            }

            return fitting.RefuserOn(node, reasons) is null ? Reprieve(node, lower, away) : null;
        }
        finally
        {
            foreach (var pod in away)
            {
                fitting.Move(pod, node, 1);
            }
        }
    }

    /// <summary>Lets pods come back while the newcomer still fits: first those whose loss breaks a budget, then the others, the most important first.</summary>
    private Candidate? Reprieve(NodeState node, List<PodRequest> lower, HashSet<PodRequest> away)
    {
        var (breaking, others) = BudgetSplit.Of(lower, budgets);
        foreach (var pod in breaking.Concat(others))
        {
            fitting.Move(pod, node, 1);
            if (fitting.Fits(node))
            {
                away.Remove(pod);
            }
            else
            {
                fitting.Move(pod, node, -1);
            }
        }

        return away.Count == 0 ? null : new Candidate(node, [.. lower.Where(away.Contains)], breaking.Count(away.Contains));
    }
}
