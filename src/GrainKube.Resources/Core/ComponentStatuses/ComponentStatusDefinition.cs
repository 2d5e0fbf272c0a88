using GrainKube.ApiMachinery.Definitions;
using k8s.Models;

namespace GrainKube.Resources.Core.ComponentStatuses;

/// <summary>Deprecated upstream and empty here: components report through <c>/readyz</c>.</summary>
internal sealed class ComponentStatusDefinition : BuiltInDefinition<V1ComponentStatus>
{
    public ComponentStatusDefinition()
        : base(ResourceNames.ClusterWide("", "v1", "componentstatuses", "ComponentStatus", "cs"))
    {
        Uses(new ComponentStatusColumns());
        Verbs = ["get", "list"];
    }

    protected override string Deprecation => "v1 ComponentStatus is deprecated in v1.19+";
}
