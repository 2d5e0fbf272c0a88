using GrainKube.ApiMachinery.Objects;
using GrainKube.ApiMachinery.Selectors;
using k8s.Models;

namespace GrainKube.Scheduler.Preemption;

/// <summary>A PodDisruptionBudget as preemption reads it.</summary>
/// <param name="Namespace">Where its pods are.</param>
/// <param name="Selector">Its pods; an empty selector means none here.</param>
/// <param name="Allowed">How many may still be disrupted.</param>
/// <param name="Disrupted">Pods whose disruption has been counted already.</param>
internal sealed record DisruptionBudget(string Namespace, LabelSelector Selector, int Allowed, IReadOnlySet<string> Disrupted)
{
    public static DisruptionBudget Of(KubeObject item)
    {
        var budget = item.As<V1PodDisruptionBudget>();
        return new DisruptionBudget(
            item.Key.Namespace,
            LabelSelector.From(budget.Spec?.Selector),
            budget.Status?.DisruptionsAllowed ?? 0,
            budget.Status?.DisruptedPods?.Keys.ToHashSet(StringComparer.Ordinal) ?? []);
    }
}
