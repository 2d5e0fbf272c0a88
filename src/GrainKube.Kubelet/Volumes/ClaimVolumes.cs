using GrainKube.Kubelet.Cluster;
using GrainKube.Kubelet.Pods;
using GrainKube.Resources.Core.Pods;
using k8s.Models;

namespace GrainKube.Kubelet.Volumes;

/// <summary>Finds the volume behind a claim of a pod. This node mounts directories of its own disk: <c>hostPath</c> and <c>local</c>.</summary>
internal static class ClaimVolumes
{
    /// <summary>Name of the claim that a volume of the pod stands for; null for other volumes.</summary>
    public static string? ClaimOf(PodContext pod, V1Volume volume) =>
        volume.PersistentVolumeClaim?.ClaimName ?? (volume.Ephemeral is null ? null : PodClaims.OfEphemeral(pod.Object.Key.Name, volume.Name));

    /// <exception cref="VolumeException">There is no claim, it is not bound, or its volume cannot be used here.</exception>
    public static V1PersistentVolume Find(PodContext pod, V1Volume volume, string name)
    {
        var ns = pod.Object.Key.Namespace;
        var claim = pod.Node.View.Get(Keys.Claim(ns, name))?.As<V1PersistentVolumeClaim>()
            ?? throw Failed(ns, name, $"failed to fetch PVC from API server: persistentvolumeclaims \"{name}\" not found");
        if (volume.Ephemeral is not null && claim.Metadata.OwnerReferences?.Any(o => o.Controller == true && o.Uid == pod.Object.Header.Uid) != true)
        {
            throw Failed(ns, name, $"PVC {ns}/{name} was not created for pod {ns}/{pod.Object.Key.Name} (pod is not owner)");
        }

        if (claim.Metadata.DeletionTimestamp is not null && !pod.Runtime.AnyRunning)
        {
            throw Failed(ns, name, "PVC is being deleted");
        }

        if (claim.Status?.Phase != "Bound" || string.IsNullOrEmpty(claim.Spec.VolumeName))
        {
            throw Failed(ns, name, $"PVC {name} is not bound");
        }

        var found = pod.Node.View.Get(Keys.Volume(claim.Spec.VolumeName))?.As<V1PersistentVolume>()
            ?? throw Failed(ns, name, $"failed to fetch PV {claim.Spec.VolumeName} from API server: persistentvolumes \"{claim.Spec.VolumeName}\" not found");
        return found.Spec.ClaimRef?.Uid == claim.Metadata.Uid ? found : throw Failed(ns, name, $"failed to find PV {found.Metadata.Name}: PV is not bound to PVC {ns}/{name}");
    }

    /// <summary>Makes sure that the volume can be used on this node.</summary>
    /// <returns>Its path.</returns>
    /// <exception cref="VolumeException">It cannot.</exception>
    public static string Prepare(PodContext pod, V1PersistentVolume volume)
    {
        var name = volume.Metadata.Name;
        var labels = pod.Node.View.Get(Keys.Node(pod.Node.Options.Name))?.Header.Labels ?? new Dictionary<string, string>();
        if (volume.Spec.NodeAffinity?.Required is { } required && !NodeSelectors.Matches(required, pod.Node.Options.Name, labels))
        {
            throw new VolumeException($"MountVolume.NodeAffinity check failed for volume \"{name}\" : no matching NodeSelectorTerms");
        }

        if (volume.Spec.VolumeMode == "Block")
        {
            throw new VolumeException($"MapVolume.NewBlockVolumeMapper failed for volume \"{name}\" : block volumes are not supported on this node");
        }

        if (volume.Spec.HostPath is { } host)
        {
            HostPaths.Ensure(host);
            return host.Path;
        }

        var path = PathOf(volume);
        return Path.Exists(path) ? path : throw new VolumeException($"MountVolume.NewMounter initialization failed for volume \"{name}\" : path \"{path}\" does not exist");
    }

    /// <exception cref="VolumeException">The volume is of a kind that this node does not mount.</exception>
    public static string PathOf(V1PersistentVolume volume) =>
        volume.Spec.HostPath?.Path ?? volume.Spec.Local?.Path ?? throw new VolumeException($"no volume plugin matched name of volume \"{volume.Metadata.Name}\"");

    private static VolumeException Failed(string ns, string name, string why) => new($"error processing PVC {ns}/{name}: {why}");
}
