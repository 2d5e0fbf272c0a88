using GrainKube.ApiMachinery.Definitions;
using k8s.Models;

namespace GrainKube.Resources.Storage.CSIDrivers;

internal sealed class CSIDriverDefinition : BuiltInDefinition<V1CSIDriver>
{
    public CSIDriverDefinition()
        : base(ResourceNames.ClusterWide("storage.k8s.io", "v1", "csidrivers", "CSIDriver"))
    {
        Uses(new CSIDriverColumns());
        Uses(new CSIDriverValidator());
        Uses(new CSIDriverDefaults());
        ReturnsDeletedObject = true;
        AllowsUnconditionalUpdate = false;
    }
}
