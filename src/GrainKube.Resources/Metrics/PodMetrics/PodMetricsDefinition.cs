using GrainKube.ApiMachinery.Definitions;

namespace GrainKube.Resources.Metrics.PodMetrics;

internal sealed class PodMetricsDefinition : BuiltInDefinition<k8s.Models.PodMetrics>
{
    public PodMetricsDefinition()
        : base(ResourceNames.InNamespace("metrics.k8s.io", "v1beta1", "pods", "PodMetrics"))
    {
        Uses(new PodMetricsColumns());
        ReadsOnly();
    }
}
