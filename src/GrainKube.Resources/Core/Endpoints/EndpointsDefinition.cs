using GrainKube.ApiMachinery.Definitions;
using k8s.Models;

namespace GrainKube.Resources.Core.Endpoints;

internal sealed class EndpointsDefinition : BuiltInDefinition<V1Endpoints>
{
    public EndpointsDefinition()
        : base(ResourceNames.InNamespace("", "v1", "endpoints", "Endpoints", "ep"))
    {
        Uses(new EndpointsColumns());
        Uses(new EndpointsDefaults());
        Uses(new EndpointsValidator());
        CreatesOnUpdate = true;
    }

    protected override string Deprecation => "v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice";
}
