using GrainKube.ApiMachinery.Definitions;
using k8s.Models;

namespace GrainKube.Resources.Core.ConfigMaps;

internal sealed class ConfigMapDefinition : BuiltInDefinition<V1ConfigMap>
{
    public ConfigMapDefinition()
        : base(ResourceNames.InNamespace("", "v1", "configmaps", "ConfigMap", "cm"))
    {
        Uses(new ConfigMapColumns());
        Uses(new ConfigMapValidator());
    }
}
