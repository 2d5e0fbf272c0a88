using GrainKube.ApiMachinery.Definitions;
using k8s.Models;

namespace GrainKube.Resources.Core.Nodes;

internal sealed class NodeDefinition : BuiltInDefinition<V1Node>
{
    public NodeDefinition()
        : base(ResourceNames.ClusterWide("", "v1", "nodes", "Node", "no"))
    {
        WithStatus(generation: false);
        KeepsStatusOnCreate = true;
        Uses(new NodeColumns());
        Uses(new NodeDefaults());
        Uses(new NodeStrategy());
        Uses(new NodeValidator());
        ServedSubresources = [new("proxy", "NodeProxyOptions", ["create", "delete", "get", "patch", "update"])];
        Selects("spec.unschedulable", absent: "false");
    }
}
