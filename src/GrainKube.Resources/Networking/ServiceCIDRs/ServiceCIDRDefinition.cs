using GrainKube.ApiMachinery.Definitions;
using k8s.Models;

namespace GrainKube.Resources.Networking.ServiceCIDRs;

internal sealed class ServiceCIDRDefinition : BuiltInDefinition<V1ServiceCIDR>
{
    public ServiceCIDRDefinition()
        : base(ResourceNames.ClusterWide("networking.k8s.io", "v1", "servicecidrs", "ServiceCIDR"))
    {
        Uses(new ServiceCIDRColumns());
        Uses(new ServiceCIDRValidator());
        WithStatus(generation: false);
        KeptByStatus = AllMetadata;
    }
}
