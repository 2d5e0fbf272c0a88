using GrainKube.ApiMachinery.Definitions;
using k8s.Models;

namespace GrainKube.Resources.Coordination.Leases;

internal sealed class LeaseDefinition : BuiltInDefinition<V1Lease>
{
    public LeaseDefinition()
        : base(ResourceNames.InNamespace("coordination.k8s.io", "v1", "leases", "Lease"))
    {
        Uses(new LeaseColumns());
        Uses(new LeaseStrategy());
        Uses(new LeaseValidator());
        CreatesOnUpdate = true;
        AllowsUnconditionalUpdate = false;
    }
}
