using GrainKube.Kubelet.Plans;
using GrainKube.Kubelet.Pods;
using GrainKube.Kubelet.Runtime;
using k8s.Models;

namespace GrainKube.Kubelet.Probes;

/// <summary>The probes of one pod's running containers.</summary>
internal sealed class PodProbes(Action wake) : IDisposable
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, ContainerProbes> containers = new(StringComparer.Ordinal);
    private TaskCompletionSource change = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when a verdict changes after this was asked for.</summary>
    public Task NextChange
    {
        get
        {
            lock (gate)
            {
                return change.Task;
            }
        }
    }

    public static bool Wanted(V1PodSpec spec) =>
        spec.Containers.Concat(spec.InitContainers ?? []).Any(c => c.LivenessProbe is not null || c.ReadinessProbe is not null || c.StartupProbe is not null);

    /// <summary>Starts the probes of containers that have begun to run and stops those of containers that have ended.</summary>
    public void Observe(PodContext pod)
    {
        var running = pod.Runtime.Containers.Where(c => c.Phase == ContainerPhase.Running).ToDictionary(c => c.Id);
        lock (gate)
        {
            foreach (var gone in containers.Keys.Where(id => !running.ContainsKey(id)).ToList())
            {
                containers[gone].Dispose();
                containers.Remove(gone);
            }

            if (pod.IsEnding)
            {
                return;
            }

            foreach (var container in running.Values)
            {
                if (!containers.ContainsKey(container.Id) && pod.Find(container.Name) is { } spec)
                {
                    containers[container.Id] = new ContainerProbes(pod, container, spec, Changed);
                }
            }
        }
    }

    public IReadOnlyDictionary<string, ContainerHealth> Health()
    {
        lock (gate)
        {
            return containers.ToDictionary(c => c.Key, c => c.Value.Health);
        }
    }

    /// <summary>A pod that is ending is not restarted for its liveness any more; whether it can still serve goes on being asked until its containers have ended.</summary>
    public void StopRestarts()
    {
        lock (gate)
        {
            foreach (var probes in containers.Values)
            {
                probes.StopRestarts();
            }
        }
    }

    public void Dispose()
    {
        lock (gate)
        {
            foreach (var probes in containers.Values)
            {
                probes.Dispose();
            }

            containers.Clear();
        }
    }

    private void Changed()
    {
        lock (gate)
        {
            change.TrySetResult();
            change = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        wake();
    }

    private sealed class ContainerProbes : IDisposable
    {
        private readonly List<ContainerProbe> probes = [];

        public ContainerProbes(PodContext pod, ContainerState container, V1Container spec, Action wake)
        {
            var status = (pod.Pod.Status?.ContainerStatuses ?? []).Concat(pod.Pod.Status?.InitContainerStatuses ?? [])
                .FirstOrDefault(s => s.ContainerID is { } id && id.EndsWith($"://{container.Id}", StringComparison.Ordinal));
            var ip = pod.Spec.HostNetwork == true ? pod.Node.Options.NodeIp : pod.Runtime.Sandbox?.Ip ?? "";
            var target = new ProbeTarget(
                pod.Node, pod.Object.Key.Namespace, pod.Object.Key.Name, pod.Uid, spec, container.Id, container.StartedAt ?? container.CreatedAt, ip,
                message => pod.Event("Warning", "Unhealthy", message, spec),
                message => pod.Event("Warning", "ProbeWarning", message, spec));

            // A kubelet that was restarted takes over what the status says, so that no container flaps.
            Add(target, ProbeKind.Startup, spec.StartupProbe, status?.Started == true ? true : null, wake);
            Add(target, ProbeKind.Liveness, spec.LivenessProbe, true, wake);
            Add(target, ProbeKind.Readiness, spec.ReadinessProbe, status?.Ready == true, wake);
        }

        public ContainerHealth Health => new(
            Started: IsStarted,
            Ready: probes.All(p => p.Kind != ProbeKind.Readiness || p.Verdict == true),
            FailedProbe: probes.Any(p => p.Kind == ProbeKind.Startup && p.Verdict == false) ? "startup"
                : probes.Any(p => p.Kind == ProbeKind.Liveness && p.Verdict == false) ? "liveness" : null);

        private bool IsStarted => probes.All(p => p.Kind != ProbeKind.Startup || p.Verdict == true);

        public void StopRestarts()
        {
            foreach (var probe in probes.Where(p => p.Kind != ProbeKind.Readiness))
            {
                probe.Dispose();
            }
        }

        public void Dispose()
        {
            foreach (var probe in probes)
            {
                probe.Dispose();
            }
        }

        private void Add(ProbeTarget target, ProbeKind kind, V1Probe? probe, bool? initial, Action wake)
        {
            if (probe is null || (kind == ProbeKind.Startup && initial == true))
            {
                return;
            }

            probes.Add(new ContainerProbe(target, kind, probe, initial, () => kind == ProbeKind.Startup || IsStarted, changed =>
            {
                if (changed is { Kind: ProbeKind.Startup, Verdict: true })
                {
                    probes.Where(p => p.Kind != ProbeKind.Startup).ToList().ForEach(p => p.Hurry());
                }

                wake();
            }));
        }
    }
}
