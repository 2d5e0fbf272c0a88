using GrainKube.ApiMachinery.Definitions;
using k8s.Models;

namespace GrainKube.Resources.Core.PersistentVolumes;

internal sealed class PersistentVolumeDefinition : BuiltInDefinition<V1PersistentVolume>
{
    public PersistentVolumeDefinition()
        : base(ResourceNames.ClusterWide("", "v1", "persistentvolumes", "PersistentVolume", "pv"))
    {
        Uses(new PersistentVolumeColumns());
        Uses(new PersistentVolumeDefaults());
        Uses(new PersistentVolumeStrategy());
        Uses(new PersistentVolumeValidator());
        ReturnsDeletedObject = true;
        WithStatus(generation: false);
    }
}
