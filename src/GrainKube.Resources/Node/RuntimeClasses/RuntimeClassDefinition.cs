using GrainKube.ApiMachinery.Definitions;
using k8s.Models;

namespace GrainKube.Resources.Node.RuntimeClasses;

internal sealed class RuntimeClassDefinition : BuiltInDefinition<V1RuntimeClass>
{
    public RuntimeClassDefinition()
        : base(ResourceNames.ClusterWide("node.k8s.io", "v1", "runtimeclasses", "RuntimeClass"))
    {
        Uses(new RuntimeClassColumns());
        CreatesOnUpdate = true;
        AllowsUnconditionalUpdate = false;
    }
}
