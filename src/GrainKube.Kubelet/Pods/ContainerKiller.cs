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
    /// <param name="pod">The pod.</param>
    /// <param name="container">One of its containers.</param>
    /// <param name="message">What the Killing event says.</param>
    /// <param name="grace">For everything together: hook, turn and the signal.</param>
    /// <param name="cancel">Stops waiting.</param>
    /// <param name="turn">What has to be over before the signal is sent, as long as there is grace left. The hook does not wait for it.</param>
    public static async Task KillAsync(PodContext pod, ContainerState container, string message, TimeSpan grace, CancellationToken cancel, Task? turn = null)
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
        if (turn is { IsCompleted: false } && left > TimeSpan.Zero)
        {
            await WaitAsync(turn, left, pod.Node.Time, cancel);
            left = deadline - pod.Now;
        }

        await pod.Node.Runtime.Containers.StopAsync(container.Id, left > LeastGrace || left >= grace ? left : LeastGrace, cancel);
    }

    private static async Task WaitAsync(Task turn, TimeSpan most, TimeProvider time, CancellationToken cancel)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        await Task.WhenAny(turn, Task.Delay(most, time, over.Token));
        await over.CancelAsync();
        cancel.ThrowIfCancellationRequested();
    }

    private static TimeSpan OwnGraceOf(PodContext pod) => TimeSpan.FromSeconds(
        pod.Object.Header.DeletionTimestamp is not null && pod.Object.Header.DeletionGracePeriodSeconds is { } asked ? Math.Max(1, asked)
        : Math.Max(1, pod.Spec.TerminationGracePeriodSeconds ?? 30));
}
