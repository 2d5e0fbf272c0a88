using GrainKube.ApiMachinery.Tables;
using GrainKube.Resources.Columns;
using k8s.Models;

namespace GrainKube.Resources.Storage.VolumeAttachments;

internal sealed class VolumeAttachmentColumns : KindColumns<V1VolumeAttachment>
{
    public VolumeAttachmentColumns()
    {
        Name();
        Cell(new TableColumn("Attacher", "string", "The driver.", Format: "name"), (item, _, _) => item.Spec?.Attacher ?? "");
        Text("PV", item => item.Spec?.Source?.PersistentVolumeName, "The volume.");
        Text("Node", item => item.Spec?.NodeName, "The node it is attached to.");
        Flag("Attached", item => item.Status?.Attached, "Whether it is attached yet.");
        Age();
    }
}
