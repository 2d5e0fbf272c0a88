using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Definitions;

namespace GrainKube.Resources.Core.PersistentVolumes;

internal sealed class PersistentVolumeDefaults : IDefaults
{
    public void Apply(JsonObject item)
    {
        var spec = item.Ensure("spec");
        item.Ensure("status").DefaultTo("phase", "Pending");
        spec.DefaultTo("persistentVolumeReclaimPolicy", "Retain");
        spec.DefaultAbsentTo("volumeMode", "Filesystem");
        if (spec.Object("hostPath") is { } path)
        {
            path["type"] ??= "";
        }
    }
}
