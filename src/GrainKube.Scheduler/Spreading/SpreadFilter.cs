using GrainKube.Scheduler.Nodes;
using GrainKube.Scheduler.Pods;

namespace GrainKube.Scheduler.Spreading;

/// <summary>The hard constraints of one pod, with what is in each domain.</summary>
internal sealed class SpreadFilter
{
    private readonly PodRequest pod;
    private readonly SpreadConstraint[] constraints;
    private readonly Domains[] domains;

    public SpreadFilter(PodRequest pod, NodeTable table)
    {
        this.pod = pod;
        constraints = [.. pod.Spread.Where(c => c.IsHard)];
        domains = [.. constraints.Select(_ => new Domains())];
        foreach (var node in table.Nodes)
        {
            for (var i = 0; i < constraints.Length && HasLabels(node); i++)
            {
                if (constraints[i].Includes(pod, node))
                {
                    domains[i].Know(node.Labels[constraints[i].TopologyKey]);
                }
            }
        }

        for (var i = 0; i < constraints.Length; i++)
        {
            foreach (var group in table.Groups.Counted(pod.Key.Namespace, constraints[i].Selector))
            {
                foreach (var (node, count) in group.Nodes)
                {
                    Add(node, i, count);
                }
            }
        }
    }

    public void Moved(PodRequest other, NodeState node, int sign)
    {
        for (var i = 0; i < constraints.Length; i++)
        {
            if (other.Key.Namespace == pod.Key.Namespace && !other.Identity.IsTerminating && constraints[i].Counts(other.Identity))
            {
                Add(node, i, sign);
            }
        }
    }

    /// <summary>A node that lacks a label of a hard constraint is in none of its domains.</summary>
    public bool HasLabels(NodeState node) => Array.TrueForAll(constraints, c => node.Labels.ContainsKey(c.TopologyKey));

    /// <summary>With the pod there, no domain would have too many.</summary>
    public bool Allows(NodeState node)
    {
        for (var i = 0; i < constraints.Length; i++)
        {
            var constraint = constraints[i];
            var own = constraint.Counts(pod.Identity) ? 1 : 0;
            if (domains[i].In(node.Labels[constraint.TopologyKey]) + own - domains[i].Least(constraint.MinDomains) > constraint.MaxSkew)
            {
                return false;
            }
        }

        return true;
    }

    private void Add(NodeState node, int i, int pods)
    {
        if (node.Exists && HasLabels(node) && constraints[i].Includes(pod, node))
        {
            domains[i].Add(node.Labels[constraints[i].TopologyKey], pods);
        }
    }
}
