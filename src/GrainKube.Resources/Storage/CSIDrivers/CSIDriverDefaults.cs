using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Definitions;

namespace GrainKube.Resources.Storage.CSIDrivers;

internal sealed class CSIDriverDefaults : IDefaults
{
    public void Apply(JsonObject item)
    {
        var spec = item.Ensure("spec");
        spec.DefaultTo("attachRequired", true);
        spec.DefaultTo("podInfoOnMount", false);
        spec.DefaultTo("storageCapacity", false);
        spec.DefaultAbsentTo("fsGroupPolicy", "ReadWriteOnceWithFSType");
        spec.DefaultTo("requiresRepublish", false);
        spec.DefaultTo("seLinuxMount", false);
        if (spec["volumeLifecycleModes"] is not JsonArray { Count: > 0 })
        {
            spec["volumeLifecycleModes"] = new JsonArray("Persistent");
        }
    }
}
