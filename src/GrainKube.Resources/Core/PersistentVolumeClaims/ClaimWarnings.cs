using GrainKube.Resources.Core.Pods;
using k8s.Models;

namespace GrainKube.Resources.Core.PersistentVolumeClaims;

/// <summary>Warnings about claims, wherever their specs stand.</summary>
internal static class ClaimWarnings
{
    /// <summary>What claims and volumes named their class by before they had a field for it.</summary>
    public const string OldClass = "volume.beta.kubernetes.io/storage-class";

    public static void Annotations(V1ObjectMeta? metadata, IList<string> warnings)
    {
        if (metadata?.Annotations?.ContainsKey(OldClass) == true)
        {
            warnings.Add($"metadata.annotations[{OldClass}]: deprecated since v1.8; use \"storageClassName\" attribute instead");
        }
    }

    public static void Spec(V1PersistentVolumeClaimSpec? spec, string path, IList<string> warnings)
    {
        ContainerWarnings.Fraction(spec?.Resources?.Requests, "storage", $"{path}.resources.requests", warnings);
        ContainerWarnings.Fraction(spec?.Resources?.Limits, "storage", $"{path}.resources.limits", warnings);
    }
}
