using GrainKube.Kubelet.Pods;
using GrainKube.Kubelet.Pressure;
using GrainKube.Kubelet.Runtime;
using k8s.Models;

namespace GrainKube.Kubelet.Volumes;

/// <summary>The files of pods on this node. Simulated nodes have none.</summary>
internal interface IPodVolumes
{
    /// <summary>Makes every volume of the pod, or brings it up to date with its source.</summary>
    /// <exception cref="VolumeException">A volume cannot be made now.</exception>
    Task MountAsync(PodContext pod, CancellationToken cancel);

    /// <summary>Makes what only a container that starts needs: images among its volumes, which are pulled as its own image is.</summary>
    /// <exception cref="Images.ContainerStartException">An image is not to be had now.</exception>
    /// <exception cref="VolumeException">Its files cannot be laid down.</exception>
    Task PrepareAsync(PodContext pod, V1Container container, CancellationToken cancel);

    /// <summary>What a container sees of the pod's files: its volume mounts, <c>/etc/hosts</c> and its termination message.</summary>
    /// <param name="pod">The pod.</param>
    /// <param name="container">The container.</param>
    /// <param name="attempt">Its attempt: each has its own termination message.</param>
    /// <param name="environment">The container's environment, for <c>subPathExpr</c>.</param>
    /// <exception cref="VolumeException">A mount cannot be made, for example because a sub path leaves its volume.</exception>
    IReadOnlyList<ContainerMount> MountsOf(PodContext pod, V1Container container, int attempt, IReadOnlyDictionary<string, string> environment);

    /// <summary>What a container has written to a file of an <c>emptyDir</c> volume; null where there is no such file.</summary>
    /// <exception cref="VolumeException">The pod has no such volume, or the path is no file to be read.</exception>
    string? ReadFile(PodContext pod, string volume, string path);

    /// <summary>What a pod's <c>emptyDir</c> volumes on disk hold, by name.</summary>
    IReadOnlyDictionary<string, DiskUse> EmptyDirUse(string podUid, V1PodSpec spec);

    /// <summary>What the container wrote to its termination message path; empty where nothing.</summary>
    Task<string> ReadTerminationMessageAsync(ContainerState container, CancellationToken cancel);

    /// <summary>Ids of the images that pods have as volumes.</summary>
    IReadOnlySet<string> ImagesInUse();

    /// <summary>Removes all files of a pod. Safe to repeat.</summary>
    Task RemoveAsync(string podUid, CancellationToken cancel);

    /// <summary>Pods that have files on this node.</summary>
    IReadOnlyList<string> PodsWithFiles();
}

/// <summary>A volume that cannot be made; the message is fit for a <c>FailedMount</c> event.</summary>
internal sealed class VolumeException(string message, Exception? cause = null) : Exception(message, cause);
