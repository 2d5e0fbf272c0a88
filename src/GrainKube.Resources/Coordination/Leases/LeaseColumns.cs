using GrainKube.Resources.Columns;
using k8s.Models;

namespace GrainKube.Resources.Coordination.Leases;

internal sealed class LeaseColumns : KindColumns<V1Lease>
{
    public LeaseColumns()
    {
        Name();
        Text("Holder", item => item.Spec?.HolderIdentity, "Who holds the lease.");
        Age();
    }
}
