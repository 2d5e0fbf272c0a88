using GrainKube.Kubelet.PodStatus;

namespace GrainKube.Kubelet.Pods.Steps;

/// <summary>Evicts a pod one of whose <c>emptyDir</c> volumes has grown beyond its <c>sizeLimit</c>. Only pods with such limits are looked at.</summary>
internal sealed class WatchEmptyDirs : IPodStep
{
    // Upstream's eviction manager looks as often.
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(10);

    public Task<bool> RunAsync(PodContext pod, CancellationToken cancel)
    {
        if (pod.IsEnding || !pod.Runtime.AnyRunning || pod.Spec.Volumes?.Any(v => v.EmptyDir?.SizeLimit is not null) != true)
        {
            return Task.FromResult(true);
        }

        if (pod.Memory.UsageReadAt is not { } last || last + Period <= pod.Now)
        {
            pod.Memory.UsageReadAt = pod.Now;
            if (pod.Node.Volumes.OverfullEmptyDir(pod) is { } volume)
            {
                var limit = pod.Spec.Volumes.First(v => v.Name == volume).EmptyDir.SizeLimit;
                var message = $"Usage of EmptyDir volume \"{volume}\" exceeds the limit \"{limit}\". ";
                pod.Event("Warning", "Evicted", message);
                pod.Memory.End = new PodEnd("Evicted", message);
                pod.Replan();
                return Task.FromResult(true);
            }
        }

        pod.WakeBy(pod.Memory.UsageReadAt.Value + Period);
        return Task.FromResult(true);
    }
}
