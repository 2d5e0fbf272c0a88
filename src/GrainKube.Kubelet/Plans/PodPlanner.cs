using GrainKube.Kubelet.Runtime;
using k8s.Models;

namespace GrainKube.Kubelet.Plans;

/// <summary>Decides what a pod needs next from what it should be and what runs.</summary>
internal sealed class PodPlanner
{
    private readonly PodSituation situation;
    private readonly V1PodSpec spec;
    private readonly List<ContainerKill> kill = [];
    private readonly List<ContainerStart> start = [];
    private readonly Dictionary<string, BackOffWait> waiting = new(StringComparer.Ordinal);
    private DateTimeOffset? wakeAt;

    private PodPlanner(PodSituation situation) => (this.situation, spec) = (situation, situation.Spec);

    public static PodPlan Plan(PodSituation situation) => new PodPlanner(situation).Plan();

    private PodPlan Plan()
    {
        var runtime = situation.Runtime;
        if (IsFinished())
        {
            return new PodPlan { Finished = true, Initialized = true };
        }

        if (runtime.Sandbox is null)
        {
            // What still runs lost its network with the sandbox and goes with it.
            var left = runtime.Containers.Where(c => c.Phase == ContainerPhase.Running)
                .Select(c => new ContainerKill(c, $"Stopping container {c.Name}", ByProbe: false));
            return new PodPlan { NewSandbox = runtime.Sandboxes.Count == 0 ? 0 : runtime.Sandboxes[0].Attempt + 1, Kill = [.. left] };
        }

        var initialized = PlanInit();
        if (initialized)
        {
            foreach (var container in spec.Containers)
            {
                PlanContainer(container, isInit: false);
            }
        }

        foreach (var container in EphemeralContainers.Of(spec))
        {
            PlanEphemeral(container);
        }

        return new PodPlan { Kill = kill, Start = start, Waiting = waiting, WakeAt = wakeAt, Initialized = initialized };
    }

    /// <summary>Started once, even while the pod is not initialized: it may be there to find out why.</summary>
    private void PlanEphemeral(V1Container container)
    {
        var latest = situation.Runtime.Latest(container.Name);
        if (latest is not null && (latest.Phase != ContainerPhase.Created || latest.HasEnded()))
        {
            return;
        }

        if (situation.Failures.TryGetValue(container.Name, out var failure) && failure.RetryAt > situation.Now)
        {
            Wake(failure.RetryAt);
            return;
        }

        start.Add(new ContainerStart(container, 0, 0, IsInit: false));
    }

    /// <summary>Every main container has ended for good, or an init container has failed for good.</summary>
    private bool IsFinished()
    {
        foreach (var container in spec.InitContainers ?? [])
        {
            if (!container.IsSidecar()
                && situation.Runtime.Latest(container.Name) is { } latest && latest.HasEnded() && latest.StatusExitCode() != 0
                && !RestartRules.ShouldRestart(spec, InitView(container), latest.StatusExitCode()))
            {
                return true;
            }
        }

        return spec.Containers.All(container =>
            situation.Runtime.Latest(container.Name) is { } latest
            && latest.HasEnded()
            && !situation.Replaced.Contains(latest.Id)
            && !RestartRules.ShouldRestart(spec, container, latest.StatusExitCode()));
    }

    private bool PlanInit()
    {
        var all = spec.InitContainers ?? [];
        if (all.Count == 0)
        {
            return true;
        }

        // A main container in this sandbox proves that the init containers were through, even if somebody removed them since.
        var through = spec.Containers.Any(c => situation.Runtime.Current(c.Name) is { } current && (current.Phase != ContainerPhase.Created || current.HasEnded()));
        foreach (var container in all)
        {
            var current = situation.Runtime.Current(container.Name);
            if (container.IsSidecar())
            {
                PlanContainer(container, isInit: true);
                var started = current is { Phase: ContainerPhase.Running } && situation.HealthOf(current).Started;
                if (!started && !through)
                {
                    return false;
                }

                continue;
            }

            if (through || (current is not null && current.HasEnded() && current.StatusExitCode() == 0))
            {
                continue;
            }

            if (current is not { Phase: ContainerPhase.Running })
            {
                PlanContainer(container, isInit: true);
            }

            return false;
        }

        return true;
    }

    private void PlanContainer(V1Container container, bool isInit)
    {
        var current = situation.Runtime.Current(container.Name);
        if (current is { Phase: ContainerPhase.Running })
        {
            if (IsOther(container, current))
            {
                kill.Add(new ContainerKill(current, $"Container {container.Name} definition changed, will be restarted", ByProbe: false, Replaced: true));
            }
            else if (situation.HealthOf(current).FailedProbe is { } probe)
            {
                kill.Add(new ContainerKill(current, $"Container {container.Name} failed {probe} probe, will be restarted", ByProbe: true));
            }

            return;
        }

        if (current is not null && current.HasEnded())
        {
            if (!situation.Replaced.Contains(current.Id) && !RestartRules.ShouldRestart(spec, isInit ? InitView(container) : container, current.StatusExitCode()))
            {
                return;
            }

            var delay = IsOther(container, current) ? TimeSpan.Zero : RestartBackOff.After(current);
            var until = current.EndedAt() + delay;
            if (until > situation.Now)
            {
                waiting[container.Name] = new BackOffWait(current, delay, until);
                Wake(until);
                return;
            }
        }

        if (!isInit && current is null && situation.Runtime.Latest(container.Name) is { } old && old.HasEnded()
            && !RestartRules.ShouldRestart(spec, container, old.StatusExitCode()))
        {
            return; // it was through before the sandbox was replaced
        }

        if (situation.Failures.TryGetValue(container.Name, out var failure) && failure.RetryAt > situation.Now)
        {
            Wake(failure.RetryAt);
            return;
        }

        start.Add(new ContainerStart(container, AttemptOf(container, current), LevelOf(container), isInit));
    }

    /// <summary>An init container runs to its end once: the pod's policy <c>Always</c> means <c>OnFailure</c> for it.</summary>
    private V1Container InitView(V1Container container) =>
        container.RestartPolicy is null && spec.RestartPolicy is null or "Always"
            ? new V1Container { Name = container.Name, RestartPolicy = "OnFailure", RestartPolicyRules = container.RestartPolicyRules }
            : container;

    private int AttemptOf(V1Container container, ContainerState? current)
    {
        if (current is { Phase: ContainerPhase.Created, Error.Length: 0 })
        {
            return current.Attempt; // made, but the kubelet died before it started it
        }

        var latest = situation.Runtime.Latest(container.Name);
        var reported = (situation.Pod.Status?.ContainerStatuses ?? []).Concat(situation.Pod.Status?.InitContainerStatuses ?? [])
            .FirstOrDefault(s => s.Name == container.Name && !string.IsNullOrEmpty(s.ContainerID));
        var attempts = Math.Max(latest?.Attempt ?? -1, reported?.RestartCount ?? -1);
        return attempts + 1;
    }

    private int LevelOf(V1Container container) =>
        situation.Runtime.Latest(container.Name) is { } latest && latest.HasEnded() && !IsOther(container, latest) ? RestartBackOff.NextLevel(latest) : 0;

    /// <summary>Of what may change in a container, the image is the only thing that the running one cannot follow; its back-off is not the old one's either.</summary>
    private static bool IsOther(V1Container container, ContainerState present) =>
        container.Image is { Length: > 0 } image && present.Image.Length > 0 && present.Image != image;

    private void Wake(DateTimeOffset at) => wakeAt = wakeAt is { } earlier && earlier < at ? earlier : at;
}
