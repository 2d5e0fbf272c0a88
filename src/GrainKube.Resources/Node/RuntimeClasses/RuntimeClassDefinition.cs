using GrainKube.ApiMachinery.Definitions;
using k8s.Models;

namespace GrainKube.Resources.Node.RuntimeClasses;

internal sealed class RuntimeClassDefinition : BuiltInDefinition<V1RuntimeClass>
{
    public RuntimeClassDefinition()
        : base(ResourceNames.ClusterWide("node.k8s.io", "v1", "runtimeclasses", "RuntimeClass"))
    {
        Uses(new RuntimeClassColumns());
        Uses(new RuntimeClassValidator());
        CreatesOnUpdate = true;
        AllowsUnconditionalUpdate = false;
    }
}
