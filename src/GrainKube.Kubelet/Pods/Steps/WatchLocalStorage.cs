using GrainKube.Kubelet.PodStatus;
using GrainKube.Kubelet.Pressure;
using GrainKube.Kubelet.Runtime;

namespace GrainKube.Kubelet.Pods.Steps;

/// <summary>Evicts a pod that has grown beyond its limits of local storage. Only pods with such limits are looked at.</summary>
internal sealed class WatchLocalStorage : IPodStep
{
    // Upstream's eviction manager looks as often.
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(10);

    public async Task<bool> RunAsync(PodContext pod, CancellationToken cancel)
    {
        if (pod.IsEnding || !pod.Runtime.AnyRunning || !StorageLimits.Any(pod.Spec) || PressureAdmission.IsCritical(pod.Pod))
        {
            return true;
        }

        if (pod.Memory.UsageReadAt is not { } last || last + Period <= pod.Now)
        {
            pod.Memory.UsageReadAt = pod.Now;
            if (await ComplaintAsync(pod, cancel) is { } message)
            {
                pod.Event("Warning", EvictionMessage.Reason, message);
                pod.Memory.End = new PodEnd(EvictionMessage.Reason, message, Grace: PressureManager.ImmediateGrace);
                pod.Replan();
                return true;
            }
        }

        pod.WakeBy(pod.Memory.UsageReadAt.Value + Period);
        return true;
    }

    private static async Task<string?> ComplaintAsync(PodContext pod, CancellationToken cancel)
    {
        var containers = new List<ContainerUse>();
        foreach (var container in pod.Runtime.Containers.Where(c => c.Phase == ContainerPhase.Running))
        {
            containers.Add(await PodUses.FilesAsync(pod.Node, container, cancel));
        }

        var oneDisk = pod.Node.Figures?.Read(pod.Node.ImageDirectory).HasOneDisk != false;
        return StorageLimits.Complaint(pod.Spec, containers, pod.Node.Volumes.EmptyDirUse(pod.Uid, pod.Spec), oneDisk);
    }
}
