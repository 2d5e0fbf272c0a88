using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Objects;
using GrainKube.Controllers.Statuses;
using GrainKube.Objects.Writes;
using GrainKube.Resources.Core.PersistentVolumes;
using k8s.Models;

namespace GrainKube.Controllers.PersistentVolumes;

/// <summary>Carries out the plan for a claim. A binding is four writes in an order that can be taken up again after each of them.</summary>
internal static class ClaimBinding
{
    public static async Task ReconcileAsync(KubeObject item, ClaimWorld world, ReconcileContext context, CancellationToken cancel)
    {
        var claim = item.As<V1PersistentVolumeClaim>();
        if (item.Header.DeletionTimestamp is not null && !VolumeFacts.IsFullyBound(claim))
        {
            return;
        }

        var plan = ClaimPlan.For(claim, world);
        if (plan.Reason.Length > 0)
        {
            context.Events.Record(item, plan.Warning ? "Warning" : "Normal", plan.Reason, plan.Message);
        }

        switch (plan.Step)
        {
            case ClaimStep.Bind:
                await BindAsync(item, claim, plan.Volume!, context, cancel);
                break;
            case ClaimStep.TakeDefaultClass:
                await context.Objects.PatchAsync(
                    item.Key, new JsonObject { ["spec"] = new JsonObject { ["storageClassName"] = plan.Name } }, "", new Preconditions(item.Header.Uid, item.Revision), cancel);
                break;
            case ClaimStep.Provision:
                await AskProvisionerAsync(item, claim, plan.Name, context, cancel);
                await PhaseAsync(item, "Pending", context, cancel);
                break;
            default:
                await PhaseAsync(item, plan.Step == ClaimStep.Lose ? "Lost" : "Pending", context, cancel);
                break;
        }
    }

    private static async Task BindAsync(KubeObject item, V1PersistentVolumeClaim claim, V1PersistentVolume volume, ReconcileContext context, CancellationToken cancel)
    {
        var key = context.Objects.KeyOf<V1PersistentVolume>("", volume.Metadata.Name);
        if (volume.Spec.ClaimRef?.Uid != claim.Metadata.Uid)
        {
            var metadata = volume.Spec.ClaimRef is null ? Annotated((VolumeAnnotations.BoundByController, "yes")) : [];
            var reference = new JsonObject { ["metadata"] = metadata, ["spec"] = new JsonObject { ["claimRef"] = ClaimReference.To(claim) } };
            await context.Objects.PatchAsync(key, reference, "", new Preconditions(volume.Metadata.Uid, Revision(volume)), cancel);
        }

        if (volume.Status?.Phase != "Bound")
        {
            await context.Objects.PatchAsync(key, VolumePhases.PhaseOf("Bound"), "status", new Preconditions(volume.Metadata.Uid), cancel);
        }

        if (!VolumeFacts.IsFullyBound(claim))
        {
            var chosen = claim.Spec?.VolumeName is not { Length: > 0 };
            var metadata = chosen
                ? Annotated((VolumeAnnotations.BindCompleted, "yes"), (VolumeAnnotations.BoundByController, "yes"))
                : Annotated((VolumeAnnotations.BindCompleted, "yes"));
            var patch = new JsonObject { ["metadata"] = metadata };
            if (chosen)
            {
                patch["spec"] = new JsonObject { ["volumeName"] = volume.Metadata.Name };
            }

            await context.Objects.PatchAsync(item.Key, patch, "", new Preconditions(item.Header.Uid, item.Revision), cancel);
        }

        var status = new JsonObject { ["phase"] = "Bound", ["accessModes"] = new JsonArray([.. (volume.Spec.AccessModes ?? []).Select(m => JsonValue.Create(m))]) };
        if (claim.Status?.Phase != "Bound" && volume.Spec.Capacity?.TryGetValue("storage", out var size) == true)
        {
            // Afterwards the capacity is whoever resizes the volume.
            status["capacity"] = new JsonObject { ["storage"] = size.ToString() };
        }

        if (StatusPatch.Changes(item, status))
        {
            await context.Objects.PatchAsync(item.Key, new JsonObject { ["status"] = status }, "status", new Preconditions(item.Header.Uid), cancel);
        }
    }

    private static async Task AskProvisionerAsync(KubeObject item, V1PersistentVolumeClaim claim, string provisioner, ReconcileContext context, CancellationToken cancel)
    {
        if (VolumeFacts.Annotation(claim.Metadata, VolumeAnnotations.Provisioner) == provisioner)
        {
            return;
        }

        var patch = new JsonObject { ["metadata"] = Annotated((VolumeAnnotations.BetaProvisioner, provisioner), (VolumeAnnotations.Provisioner, provisioner)) };
        await context.Objects.PatchAsync(item.Key, patch, "", new Preconditions(item.Header.Uid, item.Revision), cancel);
    }

    private static async Task PhaseAsync(KubeObject item, string phase, ReconcileContext context, CancellationToken cancel)
    {
        if (item.As<V1PersistentVolumeClaim>().Status?.Phase != phase)
        {
            await context.Objects.PatchAsync(item.Key, VolumePhases.PhaseOf(phase), "status", new Preconditions(item.Header.Uid), cancel);
        }
    }

    private static JsonObject Annotated(params IEnumerable<(string Name, string Value)> annotations) =>
        new() { ["annotations"] = new JsonObject(annotations.Select(a => KeyValuePair.Create(a.Name, (JsonNode?)a.Value))) };

    private static long? Revision(V1PersistentVolume volume) =>
        long.TryParse(volume.Metadata.ResourceVersion, System.Globalization.CultureInfo.InvariantCulture, out var revision) ? revision : null;
}
