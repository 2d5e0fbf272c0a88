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

        pod.Memory.Probes?.Stop();
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

    /// <summary>Main containers end together; sidecars after them, the last first, with what is left of the grace.</summary>
    private static async Task StopContainersAsync(PodContext pod, CancellationToken cancel)
    {
        var grace = ContainerKiller.GraceOf(pod);
        var deadline = pod.Now + grace;
        var running = pod.Runtime.Containers.Where(c => c.Phase != ContainerPhase.Exited).ToList();
        var sidecars = (pod.Spec.InitContainers ?? []).Where(c => c.IsSidecar()).Select(c => c.Name).Reverse().ToList();
        await Task.WhenAll(running.Where(c => !sidecars.Contains(c.Name)).Select(c => StopAsync(pod, c, grace, cancel)));
        foreach (var name in sidecars)
        {
            var left = deadline - pod.Now;
            foreach (var sidecar in running.Where(c => c.Name == name))
            {
                await StopAsync(pod, sidecar, left > TimeSpan.FromSeconds(1) ? left : TimeSpan.FromSeconds(1), cancel);
            }
        }
    }

    private static Task StopAsync(PodContext pod, ContainerState container, TimeSpan grace, CancellationToken cancel) =>
        container.Phase == ContainerPhase.Running
            ? ContainerKiller.KillAsync(pod, container, $"Stopping container {container.Name}", grace, cancel)
            : Task.CompletedTask;
}
