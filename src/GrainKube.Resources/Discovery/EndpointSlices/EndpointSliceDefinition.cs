using GrainKube.ApiMachinery.Definitions;
using k8s.Models;

namespace GrainKube.Resources.Discovery.EndpointSlices;

internal sealed class EndpointSliceDefinition : BuiltInDefinition<V1EndpointSlice>
{
    public EndpointSliceDefinition()
        : base(ResourceNames.InNamespace("discovery.k8s.io", "v1", "endpointslices", "EndpointSlice"))
    {
        Uses(new EndpointSliceColumns());
        Uses(new EndpointSliceDefaults());
        Uses(new EndpointSliceStrategy());
        Uses(new EndpointSliceValidator());
        HasGeneration = true;
    }
}
