using GrainKube.ApiMachinery.Definitions;
using k8s.Models;

namespace GrainKube.Resources.FlowControl.PriorityLevelConfigurations;

internal sealed class PriorityLevelConfigurationDefinition : BuiltInDefinition<V1PriorityLevelConfiguration>
{
    public PriorityLevelConfigurationDefinition()
        : base(ResourceNames.ClusterWide("flowcontrol.apiserver.k8s.io", "v1", "prioritylevelconfigurations", "PriorityLevelConfiguration"))
    {
        Uses(new PriorityLevelConfigurationColumns());
        Uses(new PriorityLevelConfigurationDefaults());
        Uses(new PriorityLevelConfigurationValidator());
        WithStatus();
        KeptByStatus = AllMetadata;
    }
}
