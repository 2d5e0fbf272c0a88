using GrainKube.ApiMachinery.Definitions;
using k8s.Models;

namespace GrainKube.Resources.Core.Services;

internal sealed class ServiceDefinition : BuiltInDefinition<V1Service>
{
    public ServiceDefinition()
        : base(ResourceNames.InNamespace("", "v1", "services", "Service", "svc") with { Categories = ["all"] })
    {
        WithStatus(generation: false);
        Uses(new ServiceColumns());
        Uses(new ServiceDefaults());
        Uses(new ServiceStrategy());
        Uses(new ServiceValidator());
        ReturnsDeletedObject = true;
        NameFormat = NameFormat.DnsLabel;
        CreatesOnUpdate = true;
        ServedSubresources = [new("proxy", "ServiceProxyOptions", ["create", "delete", "get", "patch", "update"])];
        Selects("spec.clusterIP");
        Selects("spec.type");
    }
}
