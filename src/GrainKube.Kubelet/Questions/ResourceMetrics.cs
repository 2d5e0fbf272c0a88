using System.Globalization;
using System.Text;
using GrainKube.Kubelet.Agent;
using GrainKube.Kubelet.Runtime;

namespace GrainKube.Kubelet.Questions;

/// <summary><c>/metrics/resource</c> in Prometheus' text form; names and labels are upstream's.</summary>
internal static class ResourceMetrics
{
    public static async Task<string> OfAsync(NodeServices node, CancellationToken cancel)
    {
        var used = await PodUsage.ReadAsync(node, cancel);
        var text = new StringBuilder();
        Family(text, "container_cpu_usage_seconds_total", "counter", "Cumulative cpu time consumed by the container in core-seconds", used, usage => usage.CpuNanoseconds / 1e9);
        Family(text, "container_memory_working_set_bytes", "gauge", "Current working set of the container in bytes", used, usage => usage.WorkingSetBytes);
        text.Append("# HELP scrape_error 1 if there was an error while getting container metrics, 0 otherwise\n# TYPE scrape_error gauge\nscrape_error 0\n");
        return text.ToString();
    }

    private static void Family(
        StringBuilder text, string name, string type, string help, IReadOnlyList<(ContainerState Container, ContainerUsage Usage)> used, Func<ContainerUsage, double> value)
    {
        text.Append(CultureInfo.InvariantCulture, $"# HELP {name} {help}\n# TYPE {name} {type}\n");
        foreach (var (container, usage) in used)
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $"{name}{{container=\"{container.Name}\",namespace=\"{container.Namespace}\",pod=\"{container.PodName}\"}} {value(usage)} {usage.Time.ToUnixTimeMilliseconds()}\n");
        }
    }
}
