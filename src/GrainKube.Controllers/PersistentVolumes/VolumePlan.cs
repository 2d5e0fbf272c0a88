using GrainKube.Resources.Core.PersistentVolumes;
using k8s.Models;

namespace GrainKube.Controllers.PersistentVolumes;

/// <summary>What the binder does for a volume. Pure.</summary>
/// <param name="Phase">The phase it is to have; empty leaves it.</param>
/// <param name="Release">The reference to its claim goes: wholly (the controller had chosen it) or only its uid (the user had).</param>
/// <param name="WakeClaim">Its claim has to be looked at.</param>
/// <param name="Reason">Reason of the event; empty for none.</param>
/// <param name="Message">What status and event say.</param>
/// <param name="RemovesPath">The directory of the volume goes, and then the volume; where that fails it is said as <see cref="FailedDelete"/> and tried again.</param>
internal sealed record VolumePlan(
    string Phase = "", VolumeRelease Release = VolumeRelease.None, bool WakeClaim = false, string Reason = "", string Message = "", bool RemovesPath = false)
{
    /// <summary>Reason of the event of a volume that could not be removed.</summary>
    public const string FailedDelete = "VolumeFailedDelete";

    /// <param name="volume">The volume.</param>
    /// <param name="claim">The claim of the name it refers to; null where there is none.</param>
    public static VolumePlan For(V1PersistentVolume volume, V1PersistentVolumeClaim? claim)
    {
        if (volume.Spec.ClaimRef is not { } claimRef || string.IsNullOrEmpty(claimRef.Uid))
        {
            return new VolumePlan("Available", WakeClaim: volume.Spec.ClaimRef is not null);
        }

        if (claim is null || claim.Metadata.Uid != claimRef.Uid)
        {
            return Released(volume);
        }

        var name = claim.Spec?.VolumeName ?? "";
        if (name.Length == 0)
        {
            return new VolumePlan(WakeClaim: true);
        }

        if (name == volume.Metadata.Name)
        {
            return new VolumePlan("Bound", WakeClaim: !VolumeFacts.IsFullyBound(claim) || claim.Status?.Phase != "Bound");
        }

        // The claim has another volume.
        return VolumeFacts.Annotation(volume.Metadata, VolumeAnnotations.ProvisionedBy) is not null && volume.Spec.PersistentVolumeReclaimPolicy == "Delete" ? Released(volume)
            : VolumeFacts.Annotation(volume.Metadata, VolumeAnnotations.BoundByController) is not null ? new VolumePlan("Available", VolumeRelease.Whole)
            : new VolumePlan("Available", VolumeRelease.OnlyUid);
    }

    private static VolumePlan Released(V1PersistentVolume volume)
    {
        var hasFailed = volume.Status?.Phase == "Failed";
        if (!hasFailed && volume.Status?.Phase != "Released")
        {
            return new VolumePlan("Released"); // what its policy wants comes after that
        }

        return volume.Spec.PersistentVolumeReclaimPolicy switch
        {
            "Delete" when VolumeFacts.Annotation(volume.Metadata, VolumeAnnotations.ProvisionedBy) is not null => new VolumePlan(), // its provisioner removes it
            "Delete" when IsBelowTmp(volume) => new VolumePlan(RemovesPath: volume.Metadata.DeletionTimestamp is null),
            "Delete" when !hasFailed => new VolumePlan("Failed", Reason: FailedDelete, Message: WhyNobodyDeletes(volume)),
            "Recycle" when !hasFailed => new VolumePlan("Failed", Reason: "VolumeFailedRecycle", Message: "No recycler plugin found for the volume!"),
            _ => new VolumePlan(),
        };
    }

    /// <summary>What upstream removes of machines without a provisioner: it is meant for tests.</summary>
    private static bool IsBelowTmp(V1PersistentVolume volume) => volume.Spec.HostPath?.Path is { Length: > 5 } path && path.StartsWith("/tmp/", StringComparison.Ordinal);

    /// <summary>Nobody made the volume, so nobody knows how to remove what it holds; in upstream's words, which depend on the kind of volume.</summary>
    private static string WhyNobodyDeletes(V1PersistentVolume volume) => volume.Spec.HostPath?.Path is { } path
        ? $"host_path deleter only supports /tmp/.+ but received provided {path}"
        : $"error getting deleter volume plugin for volume \"{volume.Metadata.Name}\": {(volume.Spec.Csi is null ? "no deletable volume plugin matched" : "no volume plugin matched")}";
}

/// <summary>How much of a volume's reference to its claim goes.</summary>
internal enum VolumeRelease
{
    None,
    OnlyUid,
    Whole,
}
