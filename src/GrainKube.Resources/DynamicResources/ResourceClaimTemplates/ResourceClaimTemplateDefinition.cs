using GrainKube.ApiMachinery.Definitions;
using k8s.Models;

namespace GrainKube.Resources.DynamicResources.ResourceClaimTemplates;

internal sealed class ResourceClaimTemplateDefinition : BuiltInDefinition<V1ResourceClaimTemplate>
{
    public ResourceClaimTemplateDefinition()
        : base(ResourceNames.InNamespace("resource.k8s.io", "v1", "resourceclaimtemplates", "ResourceClaimTemplate"))
    {
        Uses(new DeviceRequestDefaults("spec", "spec"));
        Uses(new ResourceClaimTemplateValidator());
    }
}
