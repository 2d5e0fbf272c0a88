using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Errors;
using GrainKube.ApiMachinery.Objects;
using GrainKube.Objects.Writes;

namespace GrainKube.Controllers.Ownership;

/// <summary>
/// Which objects belong to an owner: those it controls and selects stay, those it no longer selects are released, orphans that it selects are adopted
/// (upstream's ControllerRefManager).
/// </summary>
internal static class Claims
{
    /// <param name="owner">The owner.</param>
    /// <param name="selects">Its selector.</param>
    /// <param name="context">What to work with.</param>
    /// <param name="cancel">Stops.</param>
    /// <param name="finalizer">Given to what is adopted and taken from what is released; empty for none.</param>
    /// <returns>The dependents that belong to the owner after adoption and release.</returns>
    public static Task<List<KubeObject>> ClaimAsync<T>(
        KubeObject owner, Func<IReadOnlyDictionary<string, string>, bool> selects, ReconcileContext context, CancellationToken cancel, string finalizer = "") where T : class =>
        ClaimWhereAsync<T>(owner, item => selects(item.Header.Labels), context, cancel, finalizer);

    /// <summary>The same where labels are not all that counts.</summary>
    public static async Task<List<KubeObject>> ClaimWhereAsync<T>(
        KubeObject owner, Func<KubeObject, bool> selects, ReconcileContext context, CancellationToken cancel, string finalizer = "") where T : class
    {
        var claimed = new List<KubeObject>();
        foreach (var item in context.Objects.OwnedBy<T>(owner.Header.Uid))
        {
            if (item.Header.Controller?.Uid != owner.Header.Uid)
            {
                continue;
            }

            if (selects(item))
            {
                claimed.Add(item);
            }
            else if (owner.Header.DeletionTimestamp is null)
            {
                await TryPatchAsync(item, With(finalizer, item, OwnerReferences.Release(item, owner.Header.Uid), adds: false), context, cancel);
            }
        }

        foreach (var orphan in context.Objects.List<T>(owner.Key.Namespace))
        {
            if (orphan.Header.Controller is null && orphan.Header.DeletionTimestamp is null && selects(orphan) && MayAdopt(owner, context)
                && await TryPatchAsync(orphan, With(finalizer, orphan, OwnerReferences.Adoption(orphan, owner), adds: true), context, cancel, insists: true) is { } adopted)
            {
                claimed.Add(adopted);
            }
        }

        return claimed;
    }

    // Read after the orphan was: the garbage collector orphans dependents of an owner that is already marked, and the cache shows both in their order.
    private static bool MayAdopt(KubeObject owner, ReconcileContext context) =>
        context.Objects.Get(owner.Key) is { Header: { DeletionTimestamp: null } now } && now.Uid == owner.Header.Uid;

    private static JsonObject With(string finalizer, KubeObject item, JsonObject patch, bool adds)
    {
        if (finalizer.Length > 0 && item.Header.Finalizers.Contains(finalizer) != adds)
        {
            var wanted = item.Header.Finalizers.Where(f => f != finalizer).Concat(adds ? [finalizer] : []).Select(f => (JsonNode)f).ToArray();
            patch["metadata"]!["finalizers"] = wanted.Length == 0 ? null : new JsonArray(wanted);
        }

        return patch;
    }

    // The object may go, or be claimed by somebody else, at any moment; then it is simply not ours. Of one that merely changed nobody knows: who insists looks again before he counts,
    // or would make another in its place.
    private static async Task<KubeObject?> TryPatchAsync(KubeObject item, JsonObject patch, ReconcileContext context, CancellationToken cancel, bool insists = false)
    {
        try
        {
            return await context.Objects.PatchAsync(item.Key, patch, "", new Preconditions(item.Header.Uid, item.Revision), cancel);
        }
        catch (ApiException refused) when (refused.Status.Code is 404 or 422 || (refused.Status.Code == 409 && !insists))
        {
            return null;
        }
    }
}
