using GrainKube.ApiMachinery.Definitions;
using k8s.Models;

namespace GrainKube.Resources.Policy.PodDisruptionBudgets;

internal sealed class PodDisruptionBudgetDefinition : BuiltInDefinition<V1PodDisruptionBudget>
{
    public PodDisruptionBudgetDefinition()
        : base(ResourceNames.InNamespace("policy", "v1", "poddisruptionbudgets", "PodDisruptionBudget", "pdb"))
    {
        NameFormat = NameFormat.PathSegment; // upstream's validation never looks at it
        Uses(new PodDisruptionBudgetColumns());
        Uses(new PodDisruptionBudgetValidator());
        WithStatus();
        AllowsUnconditionalUpdate = false;
    }
}
