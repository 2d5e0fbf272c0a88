using GrainKube.ApiMachinery.Definitions;
using k8s.Models;

namespace GrainKube.Resources.ApiRegistration.APIServices;

internal sealed class APIServiceDefinition : BuiltInDefinition<V1APIService>
{
    public APIServiceDefinition()
        : base(ResourceNames.ClusterWide("apiregistration.k8s.io", "v1", "apiservices", "APIService") with { Categories = ["api-extensions"] })
    {
        Uses(new APIServiceColumns());
        Uses(new APIServiceDefaults());
        Uses(new APIServiceStrategy(TimeProvider.System));
        Uses(new APIServiceValidator());
        WithStatus(generation: false);
        KeptByStatus = AllMetadata;
        AllowsUnconditionalUpdate = false;
        NameFormat = NameFormat.PathSegment;
    }
}
