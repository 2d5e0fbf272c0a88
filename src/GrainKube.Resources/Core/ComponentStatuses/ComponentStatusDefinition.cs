using GrainKube.ApiMachinery.Definitions;
using k8s.Models;

namespace GrainKube.Resources.Core.ComponentStatuses;

/// <summary>Deprecated upstream: components report through <c>/readyz</c>. They are asked for each question.</summary>
internal sealed class ComponentStatusDefinition : BuiltInDefinition<V1ComponentStatus>
{
    public ComponentStatusDefinition()
        : base(ResourceNames.ClusterWide("", "v1", "componentstatuses", "ComponentStatus", "cs"))
    {
        Uses(new ComponentStatusColumns());
        ReadsOnly();
    }

    protected override string Deprecation => "v1 ComponentStatus is deprecated in v1.19+";
}
