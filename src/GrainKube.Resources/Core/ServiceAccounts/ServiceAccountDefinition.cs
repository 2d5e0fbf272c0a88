using GrainKube.ApiMachinery.Definitions;
using k8s.Models;

namespace GrainKube.Resources.Core.ServiceAccounts;

internal sealed class ServiceAccountDefinition : BuiltInDefinition<V1ServiceAccount>
{
    public ServiceAccountDefinition()
        : base(ResourceNames.InNamespace("", "v1", "serviceaccounts", "ServiceAccount", "sa"))
    {
        Uses(new ServiceAccountColumns());
        Uses(new ServiceAccountValidator());
        Uses(new ServiceAccountStrategy());
        ReturnsDeletedObject = true;
        ServedSubresources = [new("token", "TokenRequest", ["create"], "authentication.k8s.io", "v1")];
    }
}
