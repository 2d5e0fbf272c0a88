using GrainKube.Resources.Columns;
using k8s.Models;

namespace GrainKube.Resources.Core.ConfigMaps;

internal sealed class ConfigMapColumns : KindColumns<V1ConfigMap>
{
    public ConfigMapColumns()
    {
        Name();
        Count("Data", item => (item.Data?.Count ?? 0) + (item.BinaryData?.Count ?? 0), "How many entries it has.");
        Age();
    }
}
