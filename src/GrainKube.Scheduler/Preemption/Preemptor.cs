using GrainKube.Scheduler.Cluster;
using GrainKube.Scheduler.Nodes;
using GrainKube.Scheduler.Pods;
using GrainKube.Scheduler.Scheduling;

namespace GrainKube.Scheduler.Preemption;

/// <summary>Decides whether a pod that fits nowhere may push others out, where, and whom (upstream's DefaultPreemption). Changes nothing.</summary>
internal sealed class Preemptor(NodeTable table, IClusterView cluster, Random random)
{
    // Upstream's minCandidateNodesPercentage and minCandidateNodesAbsolute.
    private const int EnoughPercent = 10;
    private const int EnoughAtLeast = 100;

    public PreemptionPlan Plan(PodRequest pod, Refusal refusal)
    {
        if (!pod.MayPreempt)
        {
            return new PreemptionPlan(null, "not eligible due to preemptionPolicy=Never.", KeepsNomination: true);
        }

        if (table.NominationOf(pod.Uid) is { } node && !refusal.IsFinalOn(node) && node.Pods.Any(p => p.Priority < pod.Priority && p.Marks is { IsTerminating: true, IsPreempted: true }))
        {
            return new PreemptionPlan(null, "not eligible due to a terminating pod on the nominated node.", KeepsNomination: true);
        }

        var why = new Histogram();
        var candidates = refusal.Fitting is { } fitting ? Candidates(refusal.Hopeful, new VictimSearch(fitting, cluster.BudgetsOf), why) : [];
        if (candidates.Count > 0)
        {
            return new PreemptionPlan(Candidate.Best(candidates), "", KeepsNomination: false);
        }

        why.Add("Preemption is not helpful for scheduling", refusal.Nodes - refusal.Hopeful.Count);
        return new PreemptionPlan(null, why.About(refusal.Nodes), KeepsNomination: false);
    }

    /// <summary>In a large cluster some candidates are enough, if one of them breaks no budget.</summary>
    private List<Candidate> Candidates(IReadOnlyList<NodeState> hopeful, VictimSearch search, Histogram why)
    {
        var found = new List<Candidate>();
        var reasons = new List<string>();
        var enough = Math.Max(EnoughAtLeast, hopeful.Count * EnoughPercent / 100);
        var start = hopeful.Count > 0 ? random.Next(hopeful.Count) : 0;
        for (var i = 0; i < hopeful.Count && !(found.Count >= enough && found.Exists(c => c.Violations == 0)); i++)
        {
            reasons.Clear();
            if (search.On(hopeful[(start + i) % hopeful.Count], reasons) is { } candidate)
            {
                found.Add(candidate);
            }

            why.Add(reasons);
        }

        return found;
    }
}
