using GrainKube.ApiMachinery.Selectors;
using GrainKube.Scheduler.Nodes;
using GrainKube.Scheduler.Plugins;
using GrainKube.Scheduler.Pods;
using k8s.Models;

namespace GrainKube.Scheduler.Spreading;

/// <summary>How evenly pods are to be spread over the values of a node label.</summary>
internal sealed record SpreadConstraint
{
    /// <summary>How many pods more than the emptiest domain another may have.</summary>
    public required int MaxSkew { get; init; }
    public required string TopologyKey { get; init; }

    /// <summary>Pods that count.</summary>
    public required LabelSelector Selector { get; init; }

    /// <summary>DoNotSchedule; otherwise it only scores.</summary>
    public required bool IsHard { get; init; }

    /// <summary>While there are fewer domains than this, the emptiest counts as empty.</summary>
    public int MinDomains { get; init; } = 1;

    /// <summary>Only nodes that the pod's selector and affinity let it go to count.</summary>
    public bool HonorsAffinity { get; init; } = true;

    /// <summary>Only nodes whose taints the pod tolerates count.</summary>
    public bool HonorsTaints { get; init; }

    public static SpreadConstraint Of(V1TopologySpreadConstraint constraint) => new()
    {
        MaxSkew = constraint.MaxSkew,
        TopologyKey = constraint.TopologyKey,
        Selector = LabelSelector.From(constraint.LabelSelector),
        IsHard = constraint.WhenUnsatisfiable == "DoNotSchedule",
        MinDomains = constraint.MinDomains ?? 1,
        HonorsAffinity = constraint.NodeAffinityPolicy != "Ignore",
        HonorsTaints = constraint.NodeTaintsPolicy == "Honor",
    };

    /// <summary>The node takes part, as far as its affinity and taints go.</summary>
    public bool Includes(PodRequest pod, NodeState node) =>
        (!HonorsAffinity || NodeAffinity.Allows(pod, node)) && (!HonorsTaints || TaintToleration.Allows(pod, node));

    /// <summary>The pod is one of those that count.</summary>
    public bool Counts(PodIdentity pod) => !Selector.IsEverything && Selector.Matches(pod.Labels);
}
