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
    /// <returns>The dependents that belong to the owner after adoption and release.</returns>
    public static Task<List<KubeObject>> ClaimAsync<T>(
        KubeObject owner, Func<IReadOnlyDictionary<string, string>, bool> selects, ReconcileContext context, CancellationToken cancel) where T : class =>
        ClaimWhereAsync<T>(owner, item => selects(item.Header.Labels), context, cancel);

    /// <summary>The same where labels are not all that counts.</summary>
    public static async Task<List<KubeObject>> ClaimWhereAsync<T>(
        KubeObject owner, Func<KubeObject, bool> selects, ReconcileContext context, CancellationToken cancel) where T : class
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
                await TryPatchAsync(item, OwnerReferences.Release(item, owner.Header.Uid), context, cancel);
            }
        }

        foreach (var orphan in context.Objects.List<T>(owner.Key.Namespace))
        {
            if (orphan.Header.Controller is null && orphan.Header.DeletionTimestamp is null && selects(orphan) && MayAdopt(owner, context)
                && await TryPatchAsync(orphan, OwnerReferences.Adoption(orphan, owner), context, cancel) is { } adopted)
            {
                claimed.Add(adopted);
            }
        }

        return claimed;
    }

    // Read after the orphan was: the garbage collector orphans dependents of an owner that is already marked, and the cache shows both in their order.
    private static bool MayAdopt(KubeObject owner, ReconcileContext context) =>
        context.Objects.Get(owner.Key) is { Header: { DeletionTimestamp: null } now } && now.Uid == owner.Header.Uid;

    // The object may go, or be claimed by somebody else, at any moment; then it is simply not ours.
    private static async Task<KubeObject?> TryPatchAsync(KubeObject item, System.Text.Json.Nodes.JsonObject patch, ReconcileContext context, CancellationToken cancel)
    {
        try
        {
            return await context.Objects.PatchAsync(item.Key, patch, "", new Preconditions(item.Header.Uid, item.Revision), cancel);
        }
        catch (ApiException refused) when (refused.Status.Code is 404 or 409 or 422)
        {
            return null;
        }
    }
}
