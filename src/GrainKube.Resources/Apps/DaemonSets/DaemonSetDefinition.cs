using GrainKube.ApiMachinery.Definitions;
using k8s.Models;

namespace GrainKube.Resources.Apps.DaemonSets;

internal sealed class DaemonSetDefinition : BuiltInDefinition<V1DaemonSet>
{
    public DaemonSetDefinition()
        : base(ResourceNames.InNamespace("apps", "v1", "daemonsets", "DaemonSet", "ds") with { Categories = ["all"] })
    {
        Uses(new DaemonSetColumns());
        Uses(new DaemonSetDefaults());
        Uses(new DaemonSetStrategy());
        Uses(new DaemonSetValidator());
        WithStatus();
    }
}
