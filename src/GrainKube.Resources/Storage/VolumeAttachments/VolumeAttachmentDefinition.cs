using GrainKube.ApiMachinery.Definitions;
using k8s.Models;

namespace GrainKube.Resources.Storage.VolumeAttachments;

internal sealed class VolumeAttachmentDefinition : BuiltInDefinition<V1VolumeAttachment>
{
    public VolumeAttachmentDefinition()
        : base(ResourceNames.ClusterWide("storage.k8s.io", "v1", "volumeattachments", "VolumeAttachment"))
    {
        Uses(new VolumeAttachmentColumns());
        Uses(new VolumeAttachmentValidator());
        ReturnsDeletedObject = true;
        WithStatus(generation: false);
        KeptByStatus = AllMetadata;
        AllowsUnconditionalUpdate = false;
    }
}
