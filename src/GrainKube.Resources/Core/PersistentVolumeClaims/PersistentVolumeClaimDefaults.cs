using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Definitions;

namespace GrainKube.Resources.Core.PersistentVolumeClaims;

internal sealed class PersistentVolumeClaimDefaults : IDefaults
{
    public void Apply(JsonObject item)
    {
        Default(item);
    }

    /// <summary>Also for the templates of a StatefulSet.</summary>
    public static void Default(JsonObject item)
    {
        item.Ensure("status").DefaultTo("phase", "Pending");
        item.Ensure("spec").DefaultAbsentTo("volumeMode", "Filesystem");
    }
}
