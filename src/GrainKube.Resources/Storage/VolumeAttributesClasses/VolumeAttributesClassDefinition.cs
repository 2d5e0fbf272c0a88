using GrainKube.ApiMachinery.Definitions;
using k8s.Models;

namespace GrainKube.Resources.Storage.VolumeAttributesClasses;

internal sealed class VolumeAttributesClassDefinition : BuiltInDefinition<V1VolumeAttributesClass>
{
    public VolumeAttributesClassDefinition()
        : base(ResourceNames.ClusterWide("storage.k8s.io", "v1", "volumeattributesclasses", "VolumeAttributesClass", "vac"))
    {
        Uses(new VolumeAttributesClassColumns());
        Uses(new VolumeAttributesClassValidator());
    }
}
