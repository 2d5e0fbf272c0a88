using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Errors;
using GrainKube.ApiMachinery.Objects;
using GrainKube.Objects.Writes;
using k8s.Models;

namespace GrainKube.Controllers.StatefulSets;

/// <summary>Makes the claims of a set's pods and keeps their owners as the retention policy says.</summary>
internal sealed class StatefulClaimKeeper(KubeObject set, JsonNode node, V1StatefulSet view, ReconcileContext context)
{
    private readonly IReadOnlyList<JsonObject> templates = StatefulClaims.TemplatesOf(node);

    /// <summary>No claim of that pod is about to go with the pod before it.</summary>
    public bool MayCreatePod(int ordinal) => templates.All(t => Claim(t, ordinal) is not { } claim || !StatefulClaims.IsLeaving(claim, Ordinals.NameOf(set.Header.Name, ordinal)));

    /// <summary>Makes the claims that the pod needs and that are not there.</summary>
    public async Task CreateMissingAsync(int ordinal, CancellationToken cancel)
    {
        foreach (var template in templates.Where(t => Claim(t, ordinal) is null))
        {
            var claim = StatefulClaims.New(set, node, template, ordinal);
            var about = $"Claim {claim["metadata"]!["name"]} Pod {Ordinals.NameOf(set.Header.Name, ordinal)} in StatefulSet {set.Header.Name}";
            if (StatefulClaims.OwnerOf(view.Spec.PersistentVolumeClaimRetentionPolicy, set, pod: null, isWanted: true) is { } owner)
            {
                claim["metadata"]!["ownerReferences"] = new JsonArray(Ownership.OwnerReferences.ControllerOf(owner));
            }

            try
            {
                await context.Objects.CreateAsync(claim, cancel);
                context.Events.Normal(set, "SuccessfulCreate", $"create {about} success");
            }
            catch (ApiException taken) when (taken.Status.Reason == "AlreadyExists")
            {
                // Made by somebody a moment ago: as good as ours.
            }
            catch (ApiException refused)
            {
                context.Events.Warning(set, "FailedCreate", $"create {about} failed error: {refused.Message}");
                throw;
            }
        }
    }

    /// <summary>Gives the claims of a pod the owner that they are to go with.</summary>
    public async Task KeepOwnersAsync(StatefulPod pod, bool isWanted, CancellationToken cancel)
    {
        foreach (var template in templates)
        {
            if (Claim(template, pod.Ordinal) is not { } claim)
            {
                continue;
            }

            var owner = StatefulClaims.OwnerOf(view.Spec.PersistentVolumeClaimRetentionPolicy, set, pod.Item, isWanted);
            if (StatefulClaims.Owners(claim, owner, set, pod.Item.Header.Name) is { } owners)
            {
                var patch = new JsonObject { ["metadata"] = new JsonObject { ["ownerReferences"] = owners } };
                await context.Objects.PatchAsync(claim.Key, patch, "", new Preconditions(claim.Header.Uid, claim.Revision), cancel);
            }
        }
    }

    private KubeObject? Claim(JsonNode template, int ordinal) => context.Objects.Get(
        context.Objects.KeyOf<V1PersistentVolumeClaim>(set.Key.Namespace, StatefulClaims.NameOf(StatefulClaims.TemplateName(template), set.Header.Name, ordinal)));
}
