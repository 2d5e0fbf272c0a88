using GrainKube.ApiMachinery.Definitions;
using k8s.Models;

namespace GrainKube.Resources.Scheduling.PriorityClasses;

internal sealed class PriorityClassDefinition : BuiltInDefinition<V1PriorityClass>
{
    public PriorityClassDefinition()
        : base(ResourceNames.ClusterWide("scheduling.k8s.io", "v1", "priorityclasses", "PriorityClass", "pc"))
    {
        Uses(new PriorityClassColumns());
        Uses(new PriorityClassDefaults());
        Uses(new PriorityClassValidator());
        Uses(new PriorityClassStrategy());
    }
}
