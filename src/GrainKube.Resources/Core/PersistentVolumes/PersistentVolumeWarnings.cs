using GrainKube.Resources.Core.Nodes;
using GrainKube.Resources.Core.PersistentVolumeClaims;
using k8s.Models;

namespace GrainKube.Resources.Core.PersistentVolumes;

/// <summary>Volumes whose plugins are gone or whose policy is on its way out.</summary>
internal static class PersistentVolumeWarnings
{
    public static void Add(V1PersistentVolume volume, IList<string> warnings)
    {
        ClaimWarnings.Annotations(volume.Metadata, warnings);
        if (volume.Spec is not { } spec)
        {
            return;
        }

        if (spec.PersistentVolumeReclaimPolicy == "Recycle")
        {
            warnings.Add("spec.persistentVolumeReclaimPolicy: The Recycle reclaim policy is deprecated. Instead, the recommended approach is to use dynamic provisioning.");
        }

        OldNodeLabels.Terms(spec.NodeAffinity?.Required?.NodeSelectorTerms, "spec.nodeAffinity.required.nodeSelectorTerms", warnings);
        var (member, message) = spec switch
        {
            { Cephfs: not null } => ("cephfs", "deprecated in v1.28, non-functional in v1.31+"),
            { PhotonPersistentDisk: not null } => ("photonPersistentDisk", "deprecated in v1.11, non-functional in v1.16+"),
            { ScaleIO: not null } => ("scaleIO", "deprecated in v1.16, non-functional in v1.22+"),
            { Storageos: not null } => ("storageOS", "deprecated in v1.22, non-functional in v1.25+"),
            { Glusterfs: not null } => ("glusterfs", "deprecated in v1.25, non-functional in v1.26+"),
            { Rbd: not null } => ("rbd", "deprecated in v1.28, non-functional in v1.31+"),
            _ => ("", ""),
        };
        if (member.Length > 0)
        {
            warnings.Add($"spec.{member}: {message}");
        }
    }
}
