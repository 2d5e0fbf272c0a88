using GrainKube.ApiMachinery.Definitions;
using k8s.Models;

namespace GrainKube.Resources.Apps.ControllerRevisions;

internal sealed class ControllerRevisionDefinition : BuiltInDefinition<V1ControllerRevision>
{
    public ControllerRevisionDefinition()
        : base(ResourceNames.InNamespace("apps", "v1", "controllerrevisions", "ControllerRevision"))
    {
        Uses(new ControllerRevisionColumns());
        Uses(new ControllerRevisionValidator());
    }
}
