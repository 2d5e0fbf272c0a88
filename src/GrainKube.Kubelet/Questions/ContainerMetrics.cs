using GrainKube.Kubelet.Agent;
using GrainKube.Kubelet.Runtime;

namespace GrainKube.Kubelet.Questions;

/// <summary><c>/metrics/cadvisor</c>: what upstream's collector of the machine says of running containers, as far as the runtime tells it.</summary>
internal static class ContainerMetrics
{
    public static async Task<string> OfAsync(NodeServices node, CancellationToken cancel)
    {
        var used = await PodUsage.ReadAsync(node, cancel);
        var text = new MetricText();
        Family("container_cpu_usage_seconds_total", "counter", "Cumulative cpu time consumed in seconds.", c => c.Usage.CpuNanoseconds / 1e9, ("cpu", "total"));
        Family("container_memory_usage_bytes", "gauge", "Current memory usage in bytes, including all memory regardless of when it was accessed", c => c.Usage.MemoryBytes);
        Family("container_memory_working_set_bytes", "gauge", "Current working set in bytes.", c => c.Usage.WorkingSetBytes);
        Family("container_threads", "gauge", "Number of threads running inside the container", c => c.Usage.Processes);
        Family("container_last_seen", "gauge", "Last time a container was seen by the exporter", c => ResourceMetrics.SecondsOf(c.Usage.Time));
        Family("container_start_time_seconds", "gauge", "Start time of the container since unix epoch in seconds.", c => ResourceMetrics.SecondsOf(c.State.StartedAt ?? c.State.CreatedAt));
        Family("container_spec_cpu_period", "gauge", "CPU period of the container.", c => c.State.Resources?.CpuPeriod ?? 0);
        Family("container_spec_cpu_quota", "gauge", "CPU quota of the container.", c => c.State.Resources?.CpuQuota ?? 0);
        Family("container_spec_cpu_shares", "gauge", "CPU share of the container.", c => c.State.Resources?.CpuShares ?? 0);
        Family("container_spec_memory_limit_bytes", "gauge", "Memory limit for the container.", c => c.State.Resources?.MemoryBytes ?? 0);
        text.Family("container_scrape_error", "gauge", "1 if there was an error while getting container metrics, 0 otherwise").Add(0);
        if (node.Figures?.Read(node.ImageDirectory) is { } machine)
        {
            text.Family("machine_cpu_cores", "gauge", "Number of logical CPU cores.").Add(System.Environment.ProcessorCount);
            text.Family("machine_memory_bytes", "gauge", "Amount of memory installed on the machine.").Add(machine.Memory.Capacity);
        }

        return text.ToString();

        void Family(string name, string type, string help, Func<(ContainerState State, ContainerUsage Usage), double> value, params ReadOnlySpan<(string Name, string Value)> more)
        {
            text.Family(name, type, help);
            foreach (var each in used.Containers)
            {
                (string, string)[] labels =
                [
                    ("container", each.State.Name), .. more, ("id", each.State.Id), ("image", each.State.Image), ("name", each.State.Id), ("namespace", each.State.Namespace), ("pod", each.State.PodName),
                ];
                text.Add(value(each), each.Usage.Time, labels);
            }
        }
    }
}
