using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Errors;
using GrainKube.ApiMachinery.Objects;
using GrainKube.ApiMachinery.Selectors;
using GrainKube.Controllers.Ownership;
using GrainKube.Controllers.PodTemplates;
using GrainKube.Objects.Writes;
using k8s.Models;

namespace GrainKube.Controllers.Revisions;

/// <summary>The ControllerRevisions of one workload during one reconciliation.</summary>
/// <param name="owner">The workload.</param>
/// <param name="node">Its JSON.</param>
/// <param name="hashLabel">The label of a revision that carries its hash.</param>
/// <param name="context">What to work with.</param>
internal sealed class RevisionHistory(KubeObject owner, JsonNode node, string hashLabel, ReconcileContext context)
{
    /// <summary>Names are made of the owner's, cut to this length, and the hash.</summary>
    private const int LongestPrefix = 223;

    /// <summary>How often the hash of a template fell on the name of another revision.</summary>
    public int Collisions { get; private set; } = (int?)node["status"]?["collisionCount"] ?? 0;

    /// <summary>The revisions that belong to the workload, after adoption and release.</summary>
    public async Task<IReadOnlyList<Revision>> ClaimAsync(LabelSelector selector, CancellationToken cancel) =>
        [.. (await Claims.ClaimAsync<V1ControllerRevision>(owner, selector.Matches, context, cancel)).Select(Revision.Of)];

    /// <summary>Makes the revision of the present template, or gives the one there is its number.</summary>
    public async Task<Revision> EnsureAsync(RevisionPlan plan, JsonObject data, CancellationToken cancel)
    {
        if (plan.Present is not { } present)
        {
            return await CreateAsync(plan.Number, data, cancel);
        }

        return present.Number == plan.Number
            ? present
            : Revision.Of(await context.Objects.PatchAsync(present.Item.Key, new JsonObject { ["revision"] = plan.Number }, "", new Preconditions(present.Item.Header.Uid), cancel));
    }

    public async Task DeleteAsync(IEnumerable<Revision> revisions, CancellationToken cancel)
    {
        foreach (var revision in revisions)
        {
            await context.Objects.DeleteAsync(revision.Item.Key, new Preconditions(revision.Item.Header.Uid), cancel);
        }
    }

    private async Task<Revision> CreateAsync(long number, JsonObject data, CancellationToken cancel)
    {
        while (true)
        {
            var hash = PodTemplate.Hash(data, Collisions);
            var prefix = owner.Header.Name.Length > LongestPrefix ? owner.Header.Name[..LongestPrefix] : owner.Header.Name;
            var name = $"{prefix}-{hash}";
            try
            {
                return Revision.Of(await context.Objects.CreateAsync(New(name, hash, number, data), cancel));
            }
            catch (ApiException taken) when (taken.Status.Reason == "AlreadyExists")
            {
                await context.Objects.Cache.WaitUntilCurrentAsync(cancel);
                if (context.Objects.Get(context.Objects.KeyOf<V1ControllerRevision>(owner.Key.Namespace, name)) is not { } holder)
                {
                    throw;
                }

                if (holder.Header.Controller?.Uid == owner.Header.Uid && Revision.Of(holder) is var found && JsonNode.DeepEquals(found.Data, data))
                {
                    return found;
                }

                Collisions++;
            }
        }
    }

    private JsonObject New(string name, string hash, long number, JsonObject data)
    {
        var labels = node["spec"]?["template"]?["metadata"]?["labels"]?.DeepClone() as JsonObject ?? [];
        labels[hashLabel] = hash;
        return new JsonObject
        {
            ["apiVersion"] = "apps/v1",
            ["kind"] = "ControllerRevision",
            ["metadata"] = new JsonObject
            {
                ["name"] = name,
                ["namespace"] = owner.Key.Namespace,
                ["labels"] = labels,
                ["annotations"] = node["metadata"]?["annotations"]?.DeepClone() ?? new JsonObject(),
                ["ownerReferences"] = new JsonArray(OwnerReferences.ControllerOf(owner)),
            },
            ["data"] = data.DeepClone(),
            ["revision"] = number,
        };
    }
}
