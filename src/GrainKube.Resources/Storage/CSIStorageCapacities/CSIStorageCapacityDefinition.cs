using GrainKube.ApiMachinery.Definitions;
using k8s.Models;

namespace GrainKube.Resources.Storage.CSIStorageCapacities;

internal sealed class CSIStorageCapacityDefinition : BuiltInDefinition<V1CSIStorageCapacity>
{
    public CSIStorageCapacityDefinition()
        : base(ResourceNames.InNamespace("storage.k8s.io", "v1", "csistoragecapacities", "CSIStorageCapacity"))
    {
        Uses(new CSIStorageCapacityColumns());
        Uses(new CSIStorageCapacityValidator());
        AllowsUnconditionalUpdate = false;
    }
}
