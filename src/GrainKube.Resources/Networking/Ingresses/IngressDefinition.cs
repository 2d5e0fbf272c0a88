using GrainKube.ApiMachinery.Definitions;
using k8s.Models;

namespace GrainKube.Resources.Networking.Ingresses;

internal sealed class IngressDefinition : BuiltInDefinition<V1Ingress>
{
    public IngressDefinition()
        : base(ResourceNames.InNamespace("networking.k8s.io", "v1", "ingresses", "Ingress", "ing"))
    {
        Uses(new IngressColumns());
        Uses(new IngressValidator());
        WithStatus();
    }
}
