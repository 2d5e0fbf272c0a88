using GrainKube.ApiMachinery.Definitions;
using k8s.Models;

namespace GrainKube.Resources.Networking.IngressClasses;

internal sealed class IngressClassDefinition : BuiltInDefinition<V1IngressClass>
{
    public IngressClassDefinition()
        : base(ResourceNames.ClusterWide("networking.k8s.io", "v1", "ingressclasses", "IngressClass"))
    {
        Uses(new IngressClassColumns());
        Uses(new IngressClassValidator());
        Uses(new IngressClassDefaults());
        HasGeneration = true;
    }
}
