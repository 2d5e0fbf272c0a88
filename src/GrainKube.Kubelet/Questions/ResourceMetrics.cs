using GrainKube.Kubelet.Agent;
using GrainKube.Kubelet.Runtime;

namespace GrainKube.Kubelet.Questions;

/// <summary><c>/metrics/resource</c>; names, labels and stability are upstream's.</summary>
internal static class ResourceMetrics
{
    public static async Task<string> OfAsync(NodeServices node, CancellationToken cancel)
    {
        var used = await PodUsage.ReadAsync(node, cancel);
        var text = new MetricText();
        Containers("container_cpu_usage_seconds_total", "counter", "[STABLE] Cumulative cpu time consumed by the container in core-seconds", c => c.Usage.CpuNanoseconds / 1e9);
        Containers("container_memory_working_set_bytes", "gauge", "[STABLE] Current working set of the container in bytes", c => c.Usage.WorkingSetBytes);
        text.Family("container_start_time_seconds", "gauge", "[STABLE] Start time of the container since unix epoch in seconds");
        foreach (var (state, _) in used.Containers)
        {
            text.Add(SecondsOf(state.StartedAt ?? state.CreatedAt), ("container", state.Name), ("namespace", state.Namespace), ("pod", state.PodName));
        }

        text.Family("node_cpu_usage_seconds_total", "counter", "[STABLE] Cumulative cpu time consumed by the node in core-seconds").Add(used.Cpu / 1e9, used.Time);
        text.Family("node_memory_working_set_bytes", "gauge", "[STABLE] Current working set of the node in bytes").Add(used.WorkingSet, used.Time);
        Pods("pod_cpu_usage_seconds_total", "counter", "[STABLE] Cumulative cpu time consumed by the pod in core-seconds", c => c.Usage.CpuNanoseconds / 1e9);
        Pods("pod_memory_working_set_bytes", "gauge", "[STABLE] Current working set of the pod in bytes", c => c.Usage.WorkingSetBytes);
        return text.Family("resource_scrape_error", "gauge", "[STABLE] 1 if there was an error while getting container metrics, 0 otherwise").Add(0).ToString();

        void Containers(string name, string type, string help, Func<(ContainerState State, ContainerUsage Usage), double> value)
        {
            text.Family(name, type, help);
            foreach (var each in used.Containers)
            {
                text.Add(value(each), each.Usage.Time, ("container", each.State.Name), ("namespace", each.State.Namespace), ("pod", each.State.PodName));
            }
        }

        void Pods(string name, string type, string help, Func<(ContainerState State, ContainerUsage Usage), double> value)
        {
            text.Family(name, type, help);
            foreach (var pod in used.Pods)
            {
                text.Add(pod.Sum(value), pod.Max(c => c.Usage.Time), ("namespace", pod.First().State.Namespace), ("pod", pod.First().State.PodName));
            }
        }
    }

    internal static double SecondsOf(DateTimeOffset time) => time.ToUnixTimeMilliseconds() / 1e3;
}
