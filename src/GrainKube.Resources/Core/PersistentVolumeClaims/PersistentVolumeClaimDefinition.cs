using GrainKube.ApiMachinery.Definitions;
using k8s.Models;

namespace GrainKube.Resources.Core.PersistentVolumeClaims;

internal sealed class PersistentVolumeClaimDefinition : BuiltInDefinition<V1PersistentVolumeClaim>
{
    public PersistentVolumeClaimDefinition()
        : base(ResourceNames.InNamespace("", "v1", "persistentvolumeclaims", "PersistentVolumeClaim", "pvc"))
    {
        Uses(new PersistentVolumeClaimColumns());
        Uses(new PersistentVolumeClaimDefaults());
        Uses(new PersistentVolumeClaimStrategy());
        Uses(new PersistentVolumeClaimValidator());
        ReturnsDeletedObject = true;
        WithStatus(generation: false);
    }
}
