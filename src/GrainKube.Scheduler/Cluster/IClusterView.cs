using GrainKube.ApiMachinery.Selectors;
using GrainKube.Scheduler.Pods;
using GrainKube.Scheduler.Preemption;

namespace GrainKube.Scheduler.Cluster;

/// <summary>What the scheduler reads besides nodes, pods and volumes.</summary>
internal interface IClusterView
{
    /// <summary>Labels of a namespace; none where there is no such namespace.</summary>
    IReadOnlyDictionary<string, string> LabelsOf(string ns);

    /// <summary>Which pods are of a kind with this one: by the services that select it and the workload that controls it. Null where none does.</summary>
    LabelSelector? PeersOf(PodRequest pod);

    /// <summary>Disruption budgets of a namespace.</summary>
    IEnumerable<DisruptionBudget> BudgetsOf(string ns);
}
