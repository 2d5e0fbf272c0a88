using GrainKube.Kubelet.Hooks;
using GrainKube.Kubelet.Runtime;

namespace GrainKube.Kubelet.Pods;

/// <summary>Ends containers: <c>preStop</c>, the stop signal, and after the grace period the kill.</summary>
internal static class ContainerKiller
{
    private static readonly TimeSpan LeastGrace = TimeSpan.FromSeconds(2);

    /// <summary>How long the pod's containers have to end.</summary>
    public static TimeSpan GraceOf(PodContext pod)
    {
        var own = OwnGraceOf(pod);
        return pod.Memory.End?.Grace is { } most && most < own ? most > TimeSpan.FromSeconds(1) ? most : TimeSpan.FromSeconds(1) : own;
    }

    /// <summary>Returns when the container has ended.</summary>
    public static async Task KillAsync(PodContext pod, ContainerState container, string message, TimeSpan grace, CancellationToken cancel)
    {
        var spec = pod.Find(container.Name);
        if (pod.Memory.Killing.Add(container.Id))
        {
            pod.Event("Normal", "Killing", message, spec);
        }

        var deadline = pod.Now + grace;
        if (spec?.Lifecycle?.PreStop is { } hook && container.Phase == ContainerPhase.Running)
        {
            using var limit = new CancellationTokenSource(grace, pod.Node.Time);
            using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancel);
            try
            {
                if (await LifecycleHooks.RunAsync(pod, spec, container.Id, hook, grace, both.Token) is not null)
                {
                    pod.Event("Warning", "FailedPreStopHook", "PreStopHook failed", spec);
                }
            }
            catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
            {
                pod.Event("Warning", "FailedPreStopHook", "PreStopHook failed", spec);
            }
        }

        var left = deadline - pod.Now;
        await pod.Node.Runtime.Containers.StopAsync(container.Id, left > LeastGrace || left >= grace ? left : LeastGrace, cancel);
    }

    private static TimeSpan OwnGraceOf(PodContext pod) => TimeSpan.FromSeconds(
        pod.Object.Header.DeletionTimestamp is not null && pod.Object.Header.DeletionGracePeriodSeconds is { } asked ? Math.Max(1, asked)
        : Math.Max(1, pod.Spec.TerminationGracePeriodSeconds ?? 30));
}
