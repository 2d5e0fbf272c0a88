using GrainKube.ApiMachinery.Definitions;
using k8s.Models;

namespace GrainKube.Resources.StorageMigration.StorageVersionMigrations;

internal sealed class StorageVersionMigrationDefinition : BuiltInDefinition<V1StorageVersionMigration>
{
    public StorageVersionMigrationDefinition()
        : base(ResourceNames.ClusterWide("storagemigration.k8s.io", "v1", "storageversionmigrations", "StorageVersionMigration"))
    {
        Uses(new StorageVersionMigrationValidator());
        WithStatus();
        KeptByStatus = AllMetadata;
        AllowsUnconditionalUpdate = false;
    }
}
