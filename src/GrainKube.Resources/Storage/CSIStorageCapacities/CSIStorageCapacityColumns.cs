using GrainKube.Resources.Columns;
using k8s.Models;

namespace GrainKube.Resources.Storage.CSIStorageCapacities;

internal sealed class CSIStorageCapacityColumns : KindColumns<V1CSIStorageCapacity>
{
    public CSIStorageCapacityColumns()
    {
        Name();
        Text("StorageClassName", item => item.StorageClassName, "The class whose room is reported.");
        Text("Capacity", item => item.Capacity?.ToString() ?? "<unset>", "How much room there is.");
    }
}
