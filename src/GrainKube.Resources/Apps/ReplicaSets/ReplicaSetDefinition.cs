using GrainKube.ApiMachinery.Definitions;
using k8s.Models;

namespace GrainKube.Resources.Apps.ReplicaSets;

internal sealed class ReplicaSetDefinition : BuiltInDefinition<V1ReplicaSet>
{
    public ReplicaSetDefinition()
        : base(ResourceNames.InNamespace("apps", "v1", "replicasets", "ReplicaSet", "rs") with { Categories = ["all"] })
    {
        Uses(new ReplicaSetColumns());
        Uses(new ReplicaSetDefaults());
        Uses(new ReplicaSetValidator());
        WithStatus();
        WithScale("spec.replicas", "status.replicas", "spec.selector");
    }
}
