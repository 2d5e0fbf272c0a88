using GrainKube.Resources.Columns;
using k8s.Models;

namespace GrainKube.Resources.DynamicResources.DeviceTaintRules;

internal sealed class DeviceTaintRuleColumns : KindColumns<V1DeviceTaintRule>
{
    public DeviceTaintRuleColumns()
    {
        Name();
        CreatedAt();
    }
}
