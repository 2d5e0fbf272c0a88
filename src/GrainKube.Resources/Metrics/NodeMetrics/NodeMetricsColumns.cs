using GrainKube.Resources.Columns;

namespace GrainKube.Resources.Metrics.NodeMetrics;

internal sealed class NodeMetricsColumns : KindColumns<k8s.Models.NodeMetrics>
{
    public NodeMetricsColumns()
    {
        Name();
        Text("Cpu", item => item.Usage?.TryGetValue("cpu", out var cpu) == true ? cpu.ToString() : "", "Cores that are busy.");
        Text("Memory", item => item.Usage?.TryGetValue("memory", out var memory) == true ? memory.ToString() : "", "Memory in use.");
        Text("Window", item => item.Window, "Over which CPU was averaged.");
    }
}
