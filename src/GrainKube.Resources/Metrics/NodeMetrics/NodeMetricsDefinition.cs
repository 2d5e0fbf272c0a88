using GrainKube.ApiMachinery.Definitions;

namespace GrainKube.Resources.Metrics.NodeMetrics;

internal sealed class NodeMetricsDefinition : BuiltInDefinition<k8s.Models.NodeMetrics>
{
    public NodeMetricsDefinition()
        : base(ResourceNames.ClusterWide("metrics.k8s.io", "v1beta1", "nodes", "NodeMetrics"))
    {
        Uses(new NodeMetricsColumns());
        ReadsOnly();
    }
}
