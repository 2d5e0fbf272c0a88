using GrainKube.Resources.Columns;
using k8s.Models;

namespace GrainKube.Resources.Core.PersistentVolumeClaims;

internal sealed class PersistentVolumeClaimColumns : KindColumns<V1PersistentVolumeClaim>
{
    public PersistentVolumeClaimColumns()
    {
        Name();
        Text("Status", item => item.Metadata?.DeletionTimestamp is null ? item.Status?.Phase : "Terminating", "Whether it is bound.");
        Text("Volume", item => item.Spec?.VolumeName, "The volume it is bound to.");
        Text("Capacity", item => Bound(item) ? CellTexts.Quantity(item.Status?.Capacity, "storage") : "", "How large that volume is.");
        Text("Access Modes", item => Bound(item) ? CellTexts.AccessModes(item.Status?.AccessModes) : "", "How it may be mounted.");
        Text("StorageClass", item => CellTexts.Class(item.Metadata, item.Spec?.StorageClassName), "StorageClass of the pvc");
        Text("VolumeAttributesClass", item => item.Spec?.VolumeAttributesClassName ?? "<unset>", "VolumeAttributesClass of the pvc");
        Age();
        WideText("VolumeMode", item => item.Spec?.VolumeMode ?? "<unset>", "Filesystem or Block.");
    }

    private static bool Bound(V1PersistentVolumeClaim item) => !string.IsNullOrEmpty(item.Spec?.VolumeName);
}
