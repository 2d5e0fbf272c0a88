using GrainKube.ApiMachinery.Definitions;
using k8s.Models;

namespace GrainKube.Resources.FlowControl.FlowSchemas;

internal sealed class FlowSchemaDefinition : BuiltInDefinition<V1FlowSchema>
{
    public FlowSchemaDefinition()
        : base(ResourceNames.ClusterWide("flowcontrol.apiserver.k8s.io", "v1", "flowschemas", "FlowSchema"))
    {
        Uses(new FlowSchemaColumns());
        Uses(new FlowSchemaDefaults());
        Uses(new FlowSchemaValidator());
        WithStatus();
        KeptByStatus = AllMetadata;
    }
}
