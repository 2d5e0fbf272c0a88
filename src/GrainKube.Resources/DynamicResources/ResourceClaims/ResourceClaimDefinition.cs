using GrainKube.ApiMachinery.Definitions;
using k8s.Models;

namespace GrainKube.Resources.DynamicResources.ResourceClaims;

internal sealed class ResourceClaimDefinition : BuiltInDefinition<Resourcev1ResourceClaim>
{
    public ResourceClaimDefinition()
        : base(ResourceNames.InNamespace("resource.k8s.io", "v1", "resourceclaims", "ResourceClaim"))
    {
        Uses(new ResourceClaimColumns());
        Uses(new DeviceRequestDefaults("spec"));
        Uses(new ResourceClaimValidator());
        WithStatus(generation: false);
        KeptByStatus = AllMetadata;
    }
}
