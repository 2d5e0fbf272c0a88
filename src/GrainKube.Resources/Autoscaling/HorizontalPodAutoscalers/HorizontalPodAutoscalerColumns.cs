using System.Globalization;
using GrainKube.Resources.Columns;
using k8s.Models;

namespace GrainKube.Resources.Autoscaling.HorizontalPodAutoscalers;

internal sealed class HorizontalPodAutoscalerColumns : KindColumns<V2HorizontalPodAutoscaler>
{
    public HorizontalPodAutoscalerColumns()
    {
        Name();
        Text("Reference", item => $"{item.Spec?.ScaleTargetRef?.Kind}/{item.Spec?.ScaleTargetRef?.Name}", "What is scaled.");
        Text("Targets", MetricTexts.Of, "Each metric as it is and as it should be.");
        Text("MinPods", item => item.Spec?.MinReplicas?.ToString(CultureInfo.InvariantCulture) ?? "<unset>", "The fewest pods.");
        Count("MaxPods", item => item.Spec?.MaxReplicas, "The most pods.");
        Count("Replicas", item => item.Status?.CurrentReplicas, "How many there are.");
        Age();
    }
}
