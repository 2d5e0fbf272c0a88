using GrainKube.Resources.Columns;
using k8s.Models;

namespace GrainKube.Resources.Core.PersistentVolumes;

internal sealed class PersistentVolumeColumns : KindColumns<V1PersistentVolume>
{
    public PersistentVolumeColumns()
    {
        Name();
        Text("Capacity", item => CellTexts.Quantity(item.Spec?.Capacity, "storage"), "How large the volume is.");
        Text("Access Modes", item => CellTexts.AccessModes(item.Spec?.AccessModes), "How it may be mounted.");
        Text("Reclaim Policy", item => item.Spec?.PersistentVolumeReclaimPolicy, "What becomes of it when its claim goes.");
        Text("Status", item => item.Metadata?.DeletionTimestamp is null ? item.Status?.Phase : "Terminating", "Whether it is free or bound.");
        Text("Claim", item => item.Spec?.ClaimRef is { } claim ? $"{claim.NamespaceProperty}/{claim.Name}" : "", "The claim it is bound to.");
        Text("StorageClass", item => CellTexts.Class(item.Metadata, item.Spec?.StorageClassName), "StorageClass of the pv");
        Text("VolumeAttributesClass", item => item.Spec?.VolumeAttributesClassName ?? "<unset>", "VolumeAttributesClass of the pv");
        Text("Reason", item => item.Status?.Reason, "Why it is in this state.");
        Age();
        WideText("VolumeMode", item => item.Spec?.VolumeMode ?? "<unset>", "Filesystem or Block.");
    }
}
