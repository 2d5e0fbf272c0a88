using GrainKube.Kubelet.PodStatus;

namespace GrainKube.Kubelet.Pods.Steps;

/// <summary>Ends a pod that was active longer than <c>activeDeadlineSeconds</c>.</summary>
internal sealed class WatchDeadline : IPodStep
{
    public Task<bool> RunAsync(PodContext pod, CancellationToken cancel)
    {
        if (!pod.IsEnding && pod.Spec.ActiveDeadlineSeconds is { } seconds && pod.Memory.StartTime is { } start)
        {
            var deadline = start + TimeSpan.FromSeconds(seconds);
            if (deadline > pod.Now)
            {
                pod.WakeBy(deadline);
            }
            else
            {
                const string message = "Pod was active on the node longer than the specified deadline";
                pod.Event("Normal", "DeadlineExceeded", message);
                pod.Memory.End = new PodEnd("DeadlineExceeded", message);
            }
        }

        return Task.FromResult(true);
    }
}
