using GrainKube.ApiMachinery.Definitions;
using k8s.Models;

namespace GrainKube.Resources.Storage.CSINodes;

internal sealed class CSINodeDefinition : BuiltInDefinition<V1CSINode>
{
    public CSINodeDefinition()
        : base(ResourceNames.ClusterWide("storage.k8s.io", "v1", "csinodes", "CSINode"))
    {
        Uses(new CSINodeColumns());
        Uses(new CSINodeValidator());
        ReturnsDeletedObject = true;
        WithStatus(generation: false);
        AllowsUnconditionalUpdate = false;
    }
}
