using GrainKube.ApiMachinery.Definitions;
using k8s.Models;

namespace GrainKube.Resources.Core.ReplicationControllers;

internal sealed class ReplicationControllerDefinition : BuiltInDefinition<V1ReplicationController>
{
    public ReplicationControllerDefinition()
        : base(ResourceNames.InNamespace("", "v1", "replicationcontrollers", "ReplicationController", "rc") with { Categories = ["all"] })
    {
        Uses(new ReplicationControllerColumns());
        Uses(new ReplicationControllerDefaults());
        Uses(new ReplicationControllerValidator());
        WithStatus();
        WithScale("spec.replicas", "status.replicas", "spec.selector");
        OrphansByDefault = true;
        Selects("status.replicas", absent: "0");
    }
}
