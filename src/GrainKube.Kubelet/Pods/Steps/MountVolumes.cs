using GrainKube.Kubelet.Plans;
using GrainKube.Kubelet.Volumes;

namespace GrainKube.Kubelet.Pods.Steps;

/// <summary>Makes the pod's volumes before anything runs, and brings them up to date when their sources change.</summary>
internal sealed class MountVolumes : IPodStep
{
    private static readonly BackOff Pauses = new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(122));

    public async Task<bool> RunAsync(PodContext pod, CancellationToken cancel)
    {
        var memory = pod.Memory;
        var shown = DownwardMetadata.Of(pod);
        if (shown != memory.ShownMetadata)
        {
            (memory.ShownMetadata, memory.VolumesFresh) = (shown, false);
        }

        if (memory.VolumesFresh && !(memory.VolumesRefreshAt <= pod.Now))
        {
            WakeForRefresh(pod);
            return true;
        }

        if (memory.VolumeFailure is { } earlier && earlier.RetryAt > pod.Now)
        {
            pod.WakeBy(earlier.RetryAt);
            return pod.Runtime.AnyRunning;
        }

        try
        {
            await pod.Node.Volumes.MountAsync(pod, cancel);
            (memory.VolumesFresh, memory.VolumeFailure) = (true, null);
            WakeForRefresh(pod);
            return true;
        }
        catch (VolumeException failed)
        {
            pod.Event("Warning", "FailedMount", failed.Message);
            var failures = (memory.VolumeFailure?.Failures ?? 0) + 1;
            var pause = Pauses.After(failures);
            memory.VolumeFailure = new StartFailure("FailedMount", failed.Message, pod.Now + pause, failures);
            pod.WakeBy(pod.Now + pause);
            return pod.Runtime.AnyRunning; // what runs goes on with the files it has
        }
    }

    private static void WakeForRefresh(PodContext pod)
    {
        if (pod.Memory.VolumesRefreshAt is { } at)
        {
            pod.WakeBy(at);
        }
    }
}
