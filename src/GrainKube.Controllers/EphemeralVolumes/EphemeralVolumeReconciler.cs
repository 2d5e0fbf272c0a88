using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Errors;
using GrainKube.ApiMachinery.Objects;
using GrainKube.Objects.Cache;
using GrainKube.Resources.Core.Pods;
using k8s.Models;

namespace GrainKube.Controllers.EphemeralVolumes;

/// <summary>Makes the claims of generic ephemeral volumes; a pod owns its claims. Keys are pods.</summary>
internal sealed class EphemeralVolumeReconciler(WatchCache cache) : Reconciler<V1Pod>
{
    private static readonly GroupResource Pods = new("", "pods");

    public override string Name => "ephemeral-volume-controller";

    public override string Identity => "ephemeral-volume-controller";

    public override void Configure(ReconcilerWiring wiring) => wiring
        .On(Pods, change => change.After is { } pod && Wants(pod) ? [pod.Key] : [])
        .Watches<V1PersistentVolumeClaim>(change => change.After is null && change.Subject.Header.Controller is { Kind: "Pod" } owner
            ? [new ObjectKey("", "pods", change.Subject.Key.Namespace, owner.Name)]
            : [])
        .StartingWith(() => cache.Kind(Pods).Snapshot.All.Where(Wants).Select(p => p.Key));

    protected override async Task<Outcome> ReconcileAsync(KubeObject item, V1Pod view, ReconcileContext context, CancellationToken cancel)
    {
        if (!Wants(item))
        {
            return Outcome.Done;
        }

        foreach (var volume in item.ToNode()["spec"]?["volumes"] as JsonArray ?? [])
        {
            if (volume?["ephemeral"]?["volumeClaimTemplate"] is JsonObject template)
            {
                await EnsureAsync(item, PodClaims.OfEphemeral(item.Key.Name, (string)volume["name"]!), template, context, cancel);
            }
        }

        return Outcome.Done;
    }

    private static async Task EnsureAsync(KubeObject pod, string name, JsonObject template, ReconcileContext context, CancellationToken cancel)
    {
        var key = context.Objects.KeyOf<V1PersistentVolumeClaim>(pod.Key.Namespace, name);
        if (context.Objects.Get(key) is { } present)
        {
            RefuseForeign(pod, present, context);
            return;
        }

        var metadata = (template["metadata"] as JsonObject)?.DeepClone() as JsonObject ?? [];
        metadata["name"] = name;
        metadata["namespace"] = pod.Key.Namespace;
        metadata["ownerReferences"] = new JsonArray(new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Pod",
            ["name"] = pod.Key.Name,
            ["uid"] = pod.Header.Uid,
            ["controller"] = true,
            ["blockOwnerDeletion"] = true,
        });
        var claim = new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "PersistentVolumeClaim",
            ["metadata"] = metadata,
            ["spec"] = template["spec"]?.DeepClone() ?? new JsonObject(),
        };
        try
        {
            await context.Objects.CreateAsync(claim, cancel);
        }
        catch (ApiException taken) when (taken.Status.Reason == "AlreadyExists")
        {
            // Made by us a moment ago, or a foreign one: its own change wakes nobody, so the next look decides.
        }
        catch (ApiException refused)
        {
            context.Events.Warning(pod, "EphemeralVolumeCreationFailed", $"creating PVC {pod.Key.Namespace}/{name} failed: {refused.Message}");
            throw;
        }
    }

    private static void RefuseForeign(KubeObject pod, KubeObject claim, ReconcileContext context)
    {
        if (claim.Header.Controller?.Uid != pod.Header.Uid)
        {
            context.Events.Warning(
                pod, "EphemeralVolumeConflict", $"PVC {claim.Key.Namespace}/{claim.Key.Name} was not created for pod {pod.Key.Namespace}/{pod.Key.Name} (pod is not owner)");
        }
    }

    private static bool Wants(KubeObject pod) =>
        pod.Header.DeletionTimestamp is null && !PodFacts.Of(pod).IsFinished && PodClaims.Of(pod).Count > 0 && pod.As<V1Pod>().Spec.Volumes.Any(v => v.Ephemeral is not null);
}
