using GrainKube.ApiMachinery.Definitions;
using k8s.Models;

namespace GrainKube.Resources.Apps.StatefulSets;

internal sealed class StatefulSetDefinition : BuiltInDefinition<V1StatefulSet>
{
    public StatefulSetDefinition()
        : base(ResourceNames.InNamespace("apps", "v1", "statefulsets", "StatefulSet", "sts") with { Categories = ["all"] })
    {
        Uses(new StatefulSetColumns());
        Uses(new StatefulSetDefaults());
        Uses(new StatefulSetValidator());
        WithStatus();
        WithScale("spec.replicas", "status.replicas", "spec.selector");
    }
}
