using GrainKube.Scheduler.Cluster;
using GrainKube.Scheduler.Nodes;
using GrainKube.Scheduler.Pods;
using GrainKube.Scheduler.Volumes;

namespace GrainKube.Scheduler.Plugins;

/// <summary>A claim with the access mode ReadWriteOncePod is used by one pod at a time.</summary>
internal sealed class VolumeRestrictions(IVolumeView view, ClaimUse use) : IWorldFilterPlugin
{
    public string Name => "VolumeRestrictions";

    public bool Skips(PodRequest pod) => pod.Claims.Count == 0 || !pod.Claims.Any(c => IsExclusive(pod, c.Name));

    public bool IsFinal(PodRequest pod, NodeState node) => false;

    public string? Prepare(PodRequest pod) => null;

    public void Moved(PodRequest pod, PodRequest other, NodeState node, int sign) => use.Count(other, sign);

    public bool MayAdmit(PodRequest waiting, ClusterChange change) =>
        change.Kind == ChangeKind.Volumes
        || (change is { Kind: ChangeKind.PodWent, Pod: { } gone } && gone.Key.Namespace == waiting.Key.Namespace && gone.Claims.Any(c => waiting.Claims.Any(w => w.Name == c.Name)));

    public bool Fits(PodRequest pod, NodeState node, ICollection<string>? reasons)
    {
        if (!pod.Claims.Any(c => IsExclusive(pod, c.Name) && use.IsUsed(pod.Key.Namespace, c.Name)))
        {
            return true;
        }

        reasons?.Add("node has pod using PersistentVolumeClaim with the same name and ReadWriteOncePod access mode");
        return false;
    }

    private bool IsExclusive(PodRequest pod, string claim) => view.Claim(pod.Key.Namespace, claim)?.Spec.AccessModes?.Contains("ReadWriteOncePod") == true;
}
