using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Errors;
using GrainKube.ApiMachinery.Objects;
using GrainKube.Objects.Writes;
using GrainKube.Resources.Core.PersistentVolumes;
using k8s.Models;

namespace GrainKube.Controllers.PersistentVolumes;

/// <summary>Carries out the plan for a volume.</summary>
internal sealed class VolumePhases(HostPathRemoval paths)
{
    public static JsonObject PhaseOf(string phase) => new() { ["status"] = new JsonObject { ["phase"] = phase } };

    public async Task ReconcileAsync(KubeObject item, V1PersistentVolumeClaim? claim, ReconcileContext context, CancellationToken cancel)
    {
        var volume = item.As<V1PersistentVolume>();
        var plan = VolumePlan.For(volume, claim);
        if (plan.Release != VolumeRelease.None)
        {
            var reference = plan.Release == VolumeRelease.Whole ? null : new JsonObject { ["uid"] = null, ["resourceVersion"] = null };
            var patch = new JsonObject
            {
                ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { [VolumeAnnotations.BoundByController] = null } },
                ["spec"] = new JsonObject { ["claimRef"] = reference },
            };
            await context.Objects.PatchAsync(item.Key, patch, "", new Preconditions(item.Header.Uid, item.Revision), cancel);
        }

        if (plan.RemovesPath)
        {
            await RemoveAsync(item, volume, context, cancel);
        }

        await SayAsync(item, volume, plan, context, cancel);
    }

    private async Task RemoveAsync(KubeObject item, V1PersistentVolume volume, ReconcileContext context, CancellationToken cancel)
    {
        try
        {
            await paths.RemoveAsync(volume);
        }
        catch (ApiException failed)
        {
            // Told once; tried again with growing pauses.
            await SayAsync(item, volume, new VolumePlan("Failed", Reason: volume.Status?.Phase == "Failed" ? "" : VolumePlan.FailedDelete, Message: failed.Message), context, cancel);
            throw;
        }

        await context.Objects.DeleteAsync(item.Key, new Preconditions(item.Header.Uid), cancel);
    }

    private static async Task SayAsync(KubeObject item, V1PersistentVolume volume, VolumePlan plan, ReconcileContext context, CancellationToken cancel)
    {
        if (plan.Reason.Length > 0)
        {
            context.Events.Warning(item, plan.Reason, plan.Message);
        }

        if (plan.Phase.Length > 0 && volume.Status?.Phase != plan.Phase)
        {
            var status = PhaseOf(plan.Phase);
            status["status"]!["message"] = plan.Message.Length > 0 ? plan.Message : null;
            await context.Objects.PatchAsync(item.Key, status, "status", new Preconditions(item.Header.Uid), cancel);
        }
    }
}
