using GrainKube.ApiMachinery.Selectors;
using GrainKube.Scheduler.Cluster;
using GrainKube.Scheduler.Pods;
using GrainKube.Scheduler.Preemption;

namespace GrainKube.Scheduler.Tests;

/// <summary>Namespaces, peers and budgets of a test.</summary>
internal sealed class MemoryCluster : IClusterView
{
    public Dictionary<string, Dictionary<string, string>> Namespaces { get; } = [];

    /// <summary>What all pods have for peers.</summary>
    public LabelSelector? Peers { get; set; }

    public List<DisruptionBudget> Budgets { get; } = [];

    public IReadOnlyDictionary<string, string> LabelsOf(string ns) => Namespaces.GetValueOrDefault(ns) ?? [];

    public LabelSelector? PeersOf(PodRequest pod) => Peers;

    public IEnumerable<DisruptionBudget> BudgetsOf(string ns) => Budgets.Where(b => b.Namespace == ns);
}
