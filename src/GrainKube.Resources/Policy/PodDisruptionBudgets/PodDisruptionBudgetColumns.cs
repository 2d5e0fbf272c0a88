using GrainKube.Resources.Columns;
using k8s.Models;

namespace GrainKube.Resources.Policy.PodDisruptionBudgets;

internal sealed class PodDisruptionBudgetColumns : KindColumns<V1PodDisruptionBudget>
{
    public PodDisruptionBudgetColumns()
    {
        Name();
        Text("Min Available", item => item.Spec?.MinAvailable?.Value ?? "N/A", "The minimum number of pods that must be available.");
        Text("Max Unavailable", item => item.Spec?.MaxUnavailable?.Value ?? "N/A", "The maximum number of pods that may be unavailable.");
        Number("Allowed Disruptions", item => item.Status?.DisruptionsAllowed, "Calculated number of pods that may be disrupted at this time.");
        Age();
    }
}
