using GrainKube.ApiMachinery.Selectors;
using k8s.Models;

namespace GrainKube.Resources.Core.PersistentVolumes;

/// <summary>Finds the volume that suits a claim best: one reserved for it, else the smallest free one that is large enough. Pure.</summary>
public static class VolumeMatch
{
    /// <param name="claim">A claim without a volume.</param>
    /// <param name="volumes">All volumes.</param>
    /// <param name="reachable">Whether the node in question reaches a volume; null where no node is chosen yet.</param>
    /// <param name="onlyReserved">Only volumes that were reserved for this claim: the rest waits for its first pod.</param>
    public static V1PersistentVolume? Find(
        V1PersistentVolumeClaim claim, IEnumerable<V1PersistentVolume> volumes, Func<V1PersistentVolume, bool>? reachable = null, bool onlyReserved = false)
    {
        var wanted = VolumeFacts.StorageOf(claim.Spec?.Resources?.Requests);
        var selector = claim.Spec?.Selector is { } given ? LabelSelector.From(given) : LabelSelector.Everything;
        V1PersistentVolume? best = null;
        foreach (var volume in volumes)
        {
            if (!Suits(claim, volume) || VolumeFacts.StorageOf(volume.Spec.Capacity) < wanted)
            {
                continue;
            }

            if (VolumeFacts.IsFor(volume, claim))
            {
                return reachable is null || reachable(volume) ? volume : null;
            }

            if (onlyReserved || volume.Spec.ClaimRef is not null || volume.Status?.Phase != "Available"
                || VolumeFacts.ClassOf(volume) != (VolumeFacts.ClassOf(claim) ?? "")
                || !selector.Matches(volume.Metadata.Labels?.AsReadOnly() ?? EmptyLabels)
                || reachable?.Invoke(volume) == false)
            {
                continue;
            }

            if (best is null || IsBetter(volume, best))
            {
                best = volume;
            }
        }

        return best;
    }

    /// <summary>Why a claim cannot have the volume it names; null where it can. Upstream's words.</summary>
    public static string? Objection(V1PersistentVolumeClaim claim, V1PersistentVolume volume) =>
        VolumeFacts.StorageOf(volume.Spec.Capacity) < VolumeFacts.StorageOf(claim.Spec?.Resources?.Requests) ? "requested PV is too small"
        : VolumeFacts.ClassOf(volume) != (VolumeFacts.ClassOf(claim) ?? "") ? "storageClassName does not match"
        : ModeOf(volume) != ModeOf(claim) ? "incompatible volumeMode"
        : !ModesSuit(claim, volume) ? "incompatible accessMode"
        : null;

    private static bool Suits(V1PersistentVolumeClaim claim, V1PersistentVolume volume) =>
        volume.Metadata.DeletionTimestamp is null
        && ModeOf(volume) == ModeOf(claim)
        && ModesSuit(claim, volume)
        && (claim.Spec?.VolumeAttributesClassName ?? "") == (volume.Spec.VolumeAttributesClassName ?? "");

    private static bool IsBetter(V1PersistentVolume one, V1PersistentVolume other)
    {
        var order = VolumeFacts.StorageOf(one.Spec.Capacity).CompareTo(VolumeFacts.StorageOf(other.Spec.Capacity));
        return order < 0 || (order == 0 && string.CompareOrdinal(one.Metadata.Name, other.Metadata.Name) < 0);
    }

    private static bool ModesSuit(V1PersistentVolumeClaim claim, V1PersistentVolume volume) =>
        (claim.Spec?.AccessModes ?? []).All(mode => volume.Spec.AccessModes?.Contains(mode) == true);

    private static string ModeOf(V1PersistentVolume volume) => volume.Spec.VolumeMode is { Length: > 0 } mode ? mode : "Filesystem";

    private static string ModeOf(V1PersistentVolumeClaim claim) => claim.Spec?.VolumeMode is { Length: > 0 } mode ? mode : "Filesystem";

    private static readonly IReadOnlyDictionary<string, string> EmptyLabels = new Dictionary<string, string>();
}
