using GrainKube.ApiMachinery.Definitions;
using k8s.Models;

namespace GrainKube.Resources.Core.LimitRanges;

internal sealed class LimitRangeDefinition : BuiltInDefinition<V1LimitRange>
{
    public LimitRangeDefinition()
        : base(ResourceNames.InNamespace("", "v1", "limitranges", "LimitRange", "limits"))
    {
        Uses(new LimitRangeColumns());
        Uses(new LimitRangeDefaults());
        Uses(new LimitRangeValidator());
        CreatesOnUpdate = true;
    }
}
