namespace GrainKube.Kubelet.Pods.Steps;

/// <summary>Ends containers whose probes ask for a restart, and those that the pod wants otherwise now.</summary>
internal sealed class KillContainers : IPodStep
{
    public async Task<bool> RunAsync(PodContext pod, CancellationToken cancel)
    {
        var kills = pod.Plan.Kill;
        if (kills.Count == 0)
        {
            return true;
        }

        await Task.WhenAll(kills.Select(kill =>
        {
            if (kill.Replaced)
            {
                pod.Memory.Replaced.Add(kill.Container.Id);
            }

            var spec = pod.Find(kill.Container.Name);
            var own = !kill.ByProbe ? null : pod.Memory.Probes?.Health().GetValueOrDefault(kill.Container.Id)?.FailedProbe == "startup"
                ? spec?.StartupProbe?.TerminationGracePeriodSeconds
                : spec?.LivenessProbe?.TerminationGracePeriodSeconds;
            var grace = own is { } seconds ? TimeSpan.FromSeconds(Math.Max(1, seconds)) : ContainerKiller.GraceOf(pod);
            return ContainerKiller.KillAsync(pod, kill.Container, kill.Message, grace, cancel);
        }));
        await pod.RefreshAsync(cancel);
        return true;
    }
}
