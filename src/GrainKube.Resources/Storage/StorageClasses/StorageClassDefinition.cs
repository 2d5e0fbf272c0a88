using GrainKube.ApiMachinery.Definitions;
using k8s.Models;

namespace GrainKube.Resources.Storage.StorageClasses;

internal sealed class StorageClassDefinition : BuiltInDefinition<V1StorageClass>
{
    public StorageClassDefinition()
        : base(ResourceNames.ClusterWide("storage.k8s.io", "v1", "storageclasses", "StorageClass", "sc"))
    {
        Uses(new StorageClassColumns());
        Uses(new StorageClassValidator());
        Uses(new StorageClassDefaults());
        ReturnsDeletedObject = true;
    }
}
