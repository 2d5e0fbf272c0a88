using GrainKube.ApiMachinery.Definitions;
using k8s.Models;

namespace GrainKube.Resources.DynamicResources.ResourceSlices;

internal sealed class ResourceSliceDefinition : BuiltInDefinition<V1ResourceSlice>
{
    public ResourceSliceDefinition()
        : base(ResourceNames.ClusterWide("resource.k8s.io", "v1", "resourceslices", "ResourceSlice"))
    {
        Uses(new ResourceSliceColumns());
        Uses(new ResourceSliceStrategy());
        Uses(new ResourceSliceValidator());
        HasGeneration = true;
        Selects("spec.nodeName");
        Selects("spec.driver");
    }
}
