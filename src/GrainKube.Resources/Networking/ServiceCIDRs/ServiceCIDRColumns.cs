using GrainKube.Resources.Columns;
using k8s.Models;

namespace GrainKube.Resources.Networking.ServiceCIDRs;

internal sealed class ServiceCIDRColumns : KindColumns<V1ServiceCIDR>
{
    public ServiceCIDRColumns()
    {
        Name();
        Text("CIDRs", item => string.Join(',', item.Spec?.Cidrs ?? []), "Ranges from which services take their addresses.");
        Age();
    }
}
