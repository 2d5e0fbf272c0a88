using GrainKube.Kubelet.Agent;
using GrainKube.Kubelet.Runtime;

namespace GrainKube.Kubelet.Questions;

/// <summary><c>/metrics</c>: what upstream's kubelet says of itself and of the pods it has, and <c>/metrics/probes</c>.</summary>
internal static class KubeletMetrics
{
    public static async Task<string> OfAsync(NodeServices node, CancellationToken cancel)
    {
        var text = new MetricText();
        var pods = await node.Picture.GetAllAsync(cancel);
        text.Family("kubelet_node_name", "gauge", "[ALPHA] The node's name. The count is always 1.").Add(1, ("node", node.Options.Name));
        text.Family("kubelet_desired_pods", "gauge", "[ALPHA] The number of pods the kubelet is being instructed to run. static is true if the pod is not from the apiserver.");
        foreach (var kind in node.View.Pods().GroupBy(pod => node.Statics.Keeps(StaticPods.StaticIdentity.Of(pod))))
        {
            text.Add(kind.Count(), ("static", kind.Key ? "true" : ""));
        }

        text.Family("kubelet_running_pods", "gauge", "[ALPHA] Number of pods that have a running pod sandbox").Add(pods.Values.Count(p => p.Sandboxes.Any(s => s.Running)));
        text.Family("kubelet_running_containers", "gauge", "[ALPHA] Number of containers currently running");
        foreach (var phase in (ReadOnlySpan<ContainerPhase>)[ContainerPhase.Created, ContainerPhase.Exited, ContainerPhase.Running])
        {
            text.Add(pods.Values.Sum(p => p.Containers.Count(c => c.Phase == phase)), ("container_state", phase.ToString().ToLowerInvariant()));
        }

        text.Family("kubelet_started_pods_total", "counter", "[ALPHA] Cumulative number of pods started").Add(node.Tally.PodsStarted);
        text.Family("kubelet_started_containers_total", "counter", "[ALPHA] Cumulative number of containers started");
        foreach (var (type, count) in node.Tally.ContainersStarted)
        {
            text.Add(count, ("container_type", type));
        }

        text.Family("kubernetes_build_info", "gauge", "[ALPHA] A metric with a constant '1' value labeled by major, minor, git version, git commit, git tree state, build date, Go version, and compiler from which Kubernetes was built, and platform on which it is running.")
            .Add(1, ("git_version", node.Options.Version));
        if (!node.Options.Simulated)
        {
            Process(text);
        }

        return text.ToString();
    }

    public static string OfProbes(NodeServices node)
    {
        var text = new MetricText().Family(
            "prober_probe_total", "counter", "[BETA] Cumulative number of a liveness, readiness or startup probe for a container by result.");
        foreach (var (probe, count) in node.Tally.Probes)
        {
            text.Add(
                count, ("container", probe.Container), ("namespace", probe.Namespace), ("pod", probe.Pod), ("pod_uid", probe.PodUid), ("probe_type", probe.Kind.ToString()), ("result", probe.Successful ? "successful" : "failed"));
        }

        return text.ToString();
    }

    private static void Process(MetricText text)
    {
        using var self = System.Diagnostics.Process.GetCurrentProcess();
        text.Family("process_cpu_seconds_total", "counter", "Total user and system CPU time spent in seconds.").Add(self.TotalProcessorTime.TotalSeconds);
        text.Family("process_resident_memory_bytes", "gauge", "Resident memory size in bytes.").Add(self.WorkingSet64);
        text.Family("process_virtual_memory_bytes", "gauge", "Virtual memory size in bytes.").Add(self.VirtualMemorySize64);
        text.Family("process_start_time_seconds", "gauge", "Start time of the process since unix epoch in seconds.").Add(ResourceMetrics.SecondsOf(new DateTimeOffset(self.StartTime)));
    }
}
