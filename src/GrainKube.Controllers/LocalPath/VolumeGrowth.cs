using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Objects;
using GrainKube.Objects.Writes;
using GrainKube.Resources.Core.PersistentVolumes;
using k8s.Models;

namespace GrainKube.Controllers.LocalPath;

/// <summary>A directory has no size of its own: a claim that asks for more has it once volume and status say so.</summary>
internal static class VolumeGrowth
{
    public static async Task ApplyAsync(KubeObject item, V1PersistentVolumeClaim claim, ReconcileContext context, CancellationToken cancel)
    {
        var wanted = VolumeFacts.StorageOf(claim.Spec.Resources?.Requests);
        var key = context.Objects.KeyOf<V1PersistentVolume>("", claim.Spec.VolumeName);
        if (claim.Status?.Phase != "Bound" || wanted <= VolumeFacts.StorageOf(claim.Status.Capacity) || context.Objects.Get(key) is not { } volume)
        {
            return;
        }

        var capacity = new JsonObject { ["capacity"] = new JsonObject { ["storage"] = wanted.ToString() } };
        if (VolumeFacts.StorageOf(volume.As<V1PersistentVolume>().Spec.Capacity) < wanted)
        {
            await context.Objects.PatchAsync(key, new JsonObject { ["spec"] = capacity.DeepClone() }, "", new Preconditions(volume.Header.Uid), cancel);
        }

        await context.Objects.PatchAsync(item.Key, new JsonObject { ["status"] = capacity }, "status", new Preconditions(item.Header.Uid), cancel);
        context.Events.Normal(item, "FileSystemResizeSuccessful", $"MountVolume.NodeExpandVolume succeeded for volume \"{claim.Spec.VolumeName}\"");
    }
}
