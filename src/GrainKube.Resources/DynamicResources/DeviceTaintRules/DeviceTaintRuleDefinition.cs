using GrainKube.ApiMachinery.Definitions;
using k8s.Models;

namespace GrainKube.Resources.DynamicResources.DeviceTaintRules;

internal sealed class DeviceTaintRuleDefinition : BuiltInDefinition<V1DeviceTaintRule>
{
    public DeviceTaintRuleDefinition()
        : base(ResourceNames.ClusterWide("resource.k8s.io", "v1", "devicetaintrules", "DeviceTaintRule"))
    {
        Uses(new DeviceTaintRuleColumns());
        Uses(new DeviceTaintRuleStrategy());
        Uses(new DeviceTaintRuleValidator());
        WithStatus();
        KeptByStatus = AllMetadata;
        AllowsUnconditionalUpdate = false;
    }
}
