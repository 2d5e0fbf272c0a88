using GrainKube.ApiMachinery.Definitions;
using k8s.Models;

namespace GrainKube.Resources.DynamicResources.DeviceClasses;

internal sealed class DeviceClassDefinition : BuiltInDefinition<V1DeviceClass>
{
    public DeviceClassDefinition()
        : base(ResourceNames.ClusterWide("resource.k8s.io", "v1", "deviceclasses", "DeviceClass"))
    {
        Uses(new DeviceClassValidator());
        HasGeneration = true;
    }
}
