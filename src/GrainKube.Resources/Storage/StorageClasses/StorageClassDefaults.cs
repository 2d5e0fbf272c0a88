using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Definitions;

namespace GrainKube.Resources.Storage.StorageClasses;

internal sealed class StorageClassDefaults : IDefaults
{
    public void Apply(JsonObject item)
    {
        item.DefaultAbsentTo("reclaimPolicy", "Delete");
        item.DefaultAbsentTo("volumeBindingMode", "Immediate");
    }
}
