using GrainKube.Kubelet.Plans;
using GrainKube.Kubelet.Pressure;
using GrainKube.Kubelet.Runtime;
using GrainKube.Kubelet.PodStatus;

namespace GrainKube.Kubelet.Pods.Steps;

/// <summary>Ends everything of a pod that shall not run: containers with grace, then the sandbox, then (once deletion was asked for) what is left of it on the node and its API object.</summary>
internal sealed class EndPod : IPodStep
{
    public async Task<bool> RunAsync(PodContext pod, CancellationToken cancel)
    {
        if (!pod.IsEnding && !pod.Plan.Finished)
        {
            return true;
        }

        pod.Memory.Probes?.StopRestarts();
        if (pod.IsTerminating && pod.Runtime.AnyRunning)
        {
            await PodStatusWriter.WriteAsync(pod, ended: false, cancel);
        }

        await StopContainersAsync(pod, cancel);
        foreach (var sandbox in pod.Runtime.Sandboxes.Where(s => s.Running))
        {
            await pod.Node.Runtime.Sandboxes.StopAsync(sandbox.Id, cancel);
        }

        await pod.RefreshAsync(cancel);
        pod.Node.Ledger.Release(pod.Uid);
        pod.Node.HostPorts.Release(pod.Uid);
        await PodStatusWriter.WriteAsync(pod, ended: true, cancel);
        if (pod.IsTerminating)
        {
            await PodRemains.RemoveAsync(pod.Node, pod.Uid, pod.Runtime, cancel);
            pod.Memory.CleanedUp = true;
            await pod.Node.View.DeleteAsync(pod.Object.Key, pod.Object.Header.Uid, cancel);
        }
        else if (pod.Memory.End is { Reason: EvictionMessage.Reason, Rejected: false } && !pod.Runtime.IsEmpty)
        {
            // It went to make room.
            await PodRemains.RemoveAsync(pod.Node, pod.Uid, pod.Runtime, cancel);
        }

        return false;
    }

    /// <summary>Ends the containers; meanwhile the status follows what the readiness probes say.</summary>
    private static async Task StopContainersAsync(PodContext pod, CancellationToken cancel)
    {
        var probes = pod.Memory.Probes;
        var change = probes?.NextChange;
        var stopping = StopAllAsync(pod, cancel);
        try
        {
            while (change is not null && await Task.WhenAny(stopping, change) != stopping)
            {
                change = probes?.NextChange;
                await TellReadinessAsync(pod, cancel);
            }
        }
        finally
        {
            await stopping.ConfigureAwait(ConfigureAwaitOptions.ContinueOnCapturedContext | ConfigureAwaitOptions.SuppressThrowing); // no look leaves one behind that would meet the next one's
        }

        await stopping;
    }

    private static async Task TellReadinessAsync(PodContext pod, CancellationToken cancel)
    {
        try
        {
            await PodStatusWriter.WriteAsync(pod, ended: false, cancel);
        }
        catch (StaleStatusException) when (pod.Node.View.Get(pod.Object.Key) is { } newest && newest.Header.Uid == pod.Object.Header.Uid)
        {
            pod.Update(newest); // the next change is told on top of it
        }
    }

    /// <summary>All hooks run at once. The main containers' signals are sent at once, too; a sidecar's when they and the sidecars after it have ended.</summary>
    private static Task StopAllAsync(PodContext pod, CancellationToken cancel)
    {
        var grace = ContainerKiller.GraceOf(pod);
        var running = pod.Runtime.Containers.Where(c => c.Phase == ContainerPhase.Running).ToList();
        var sidecars = (pod.Spec.InitContainers ?? []).Where(c => c.IsSidecar()).Select(c => c.Name).Reverse().ToList();
        var debuggers = EphemeralContainers.Of(pod.Spec).Select(c => c.Name).ToHashSet(StringComparer.Ordinal);
        List<Task> all = [.. running.Where(c => debuggers.Contains(c.Name)).Select(c => StopAsync(c, null))];
        List<Task> before = [.. running.Where(c => !sidecars.Contains(c.Name) && !debuggers.Contains(c.Name)).Select(c => StopAsync(c, null))];
        foreach (var name in sidecars)
        {
            var turn = Task.WhenAll(before);
            before.AddRange(running.Where(c => c.Name == name).Select(c => StopAsync(c, turn)));
        }

        return Task.WhenAll(all.Concat(before));

        Task StopAsync(ContainerState container, Task? turn) =>
            ContainerKiller.KillAsync(pod, container, $"Stopping container {container.Name}", grace, cancel, turn);
    }
}
