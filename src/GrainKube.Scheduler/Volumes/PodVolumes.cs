using GrainKube.Resources.Core.PersistentVolumes;
using GrainKube.Scheduler.Pods;
using k8s.Models;

namespace GrainKube.Scheduler.Volumes;

/// <summary>The claims of one pod, sorted by what is to be done for them. Pure.</summary>
/// <param name="Refusal">Why the pod cannot go anywhere; null where it may.</param>
/// <param name="Bound">Volumes of bound claims.</param>
/// <param name="Waiting">Claims that wait for the pod's node.</param>
/// <param name="Exclusive">Claims that one pod may use at a time.</param>
internal sealed record PodVolumes(
    string? Refusal, IReadOnlyList<V1PersistentVolume> Bound, IReadOnlyList<V1PersistentVolumeClaim> Waiting, IReadOnlyList<string> Exclusive)
{
    /// <summary>A bound claim whose volume is gone: no node will do.</summary>
    public bool MissesVolume { get; private init; }

    public static PodVolumes Of(PodRequest pod, IVolumeView view)
    {
        var (bound, waiting, exclusive) = (new List<V1PersistentVolume>(), new List<V1PersistentVolumeClaim>(), new List<string>());
        var (missing, immediate) = (false, false);
        foreach (var (name, ephemeral) in pod.Claims)
        {
            var claim = view.Claim(pod.Key.Namespace, name);
            if (Trouble(pod, claim, name, ephemeral) is { } trouble)
            {
                return new PodVolumes(trouble, [], [], []);
            }

            if (claim!.Spec.AccessModes?.Contains("ReadWriteOncePod") == true)
            {
                exclusive.Add(name);
            }

            if (VolumeFacts.IsFullyBound(claim))
            {
                var volume = view.Volume(claim.Spec.VolumeName);
                missing |= volume is null;
                bound.AddRange(volume is null ? [] : [volume]);
            }
            else if (string.IsNullOrEmpty(claim.Spec.VolumeName) && Waits(claim, view))
            {
                waiting.Add(claim);
            }
            else
            {
                immediate = true;
            }
        }

        return immediate
            ? new PodVolumes("pod has unbound immediate PersistentVolumeClaims", [], [], [])
            : new PodVolumes(null, bound, waiting, exclusive) { MissesVolume = missing };
    }

    private static string? Trouble(PodRequest pod, V1PersistentVolumeClaim? claim, string name, bool ephemeral) =>
        claim is null ? ephemeral ? $"waiting for ephemeral volume controller to create the persistentvolumeclaim \"{name}\"" : $"persistentvolumeclaim \"{name}\" not found"
        : claim.Status?.Phase == "Lost" ? $"persistentvolumeclaim \"{name}\" bound to non-existent persistentvolume \"{claim.Spec.VolumeName}\""
        : claim.Metadata.DeletionTimestamp is not null ? $"persistentvolumeclaim \"{name}\" is being deleted"
        : ephemeral && claim.Metadata.OwnerReferences?.Any(o => o.Controller == true && o.Uid == pod.Uid) != true
            ? $"PVC {pod.Key.Namespace}/{name} was not created for pod {pod.Key.Namespace}/{pod.Key.Name} (pod is not owner)"
        : null;

    private static bool Waits(V1PersistentVolumeClaim claim, IVolumeView view) =>
        VolumeFacts.ClassOf(claim) is { Length: > 0 } name && view.Class(name)?.VolumeBindingMode == "WaitForFirstConsumer";
}
