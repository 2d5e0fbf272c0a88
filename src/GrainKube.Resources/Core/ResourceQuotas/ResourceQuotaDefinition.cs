using GrainKube.ApiMachinery.Definitions;
using k8s.Models;

namespace GrainKube.Resources.Core.ResourceQuotas;

internal sealed class ResourceQuotaDefinition : BuiltInDefinition<V1ResourceQuota>
{
    public ResourceQuotaDefinition()
        : base(ResourceNames.InNamespace("", "v1", "resourcequotas", "ResourceQuota", "quota"))
    {
        Uses(new ResourceQuotaColumns());
        Uses(new ResourceQuotaValidator());
        ReturnsDeletedObject = true;
        WithStatus(generation: false);
    }
}
