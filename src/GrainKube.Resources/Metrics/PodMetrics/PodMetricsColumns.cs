using System.Globalization;
using GrainKube.Resources.Columns;

namespace GrainKube.Resources.Metrics.PodMetrics;

internal sealed class PodMetricsColumns : KindColumns<k8s.Models.PodMetrics>
{
    public PodMetricsColumns()
    {
        Name();
        Text("Cpu", item => string.Create(CultureInfo.InvariantCulture, $"{Sum(item, "cpu") * 1e9m:0}n"), "Cores that its containers keep busy.");
        Text("Memory", item => string.Create(CultureInfo.InvariantCulture, $"{Sum(item, "memory") / 1024:0}Ki"), "Memory that its containers use.");
        Text("Window", item => item.Window, "Over which CPU was averaged.");
    }

    private static decimal Sum(k8s.Models.PodMetrics item, string resource) =>
        item.Containers?.Sum(c => c.Usage?.TryGetValue(resource, out var used) == true ? used.ToDecimal() : 0) ?? 0;
}
