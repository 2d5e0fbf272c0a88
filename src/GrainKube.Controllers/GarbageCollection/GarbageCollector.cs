using GrainKube.ApiMachinery.Definitions;
using GrainKube.ApiMachinery.Errors;
using GrainKube.ApiMachinery.Objects;
using GrainKube.Controllers.Ownership;
using GrainKube.Objects.Aggregation;
using GrainKube.Objects.Cache;
using GrainKube.Objects.Writes;

namespace GrainKube.Controllers.GarbageCollection;

/// <summary>
/// Deletes dependents whose owners are gone, and carries out foreground and orphan deletion. Its keys are dependents and owners under deletion, of every kind.
/// </summary>
internal sealed class GarbageCollector(WatchCache cache, ResourceRegistry registry, IExtensionObjects? others = null) : IReconciler
{
    // A conflict means that this silo's cache is a moment behind.
    private static readonly TimeSpan AfterConflict = TimeSpan.FromMilliseconds(20);

    // What another server still holds of an owner is not told to us.
    private static readonly TimeSpan LookElsewhere = TimeSpan.FromSeconds(1);
    private readonly OwnerGraph graph = new(cache, registry);

    public string Name => "garbagecollector";

    public string Identity => "generic-garbage-collector";

    public int Slices => 8;

    public void Configure(ReconcilerWiring wiring)
    {
        wiring.OnEvery(OwnerGraph.IsCollected, Wakes);
        wiring.StartingWith(() => graph.Objects().Where(IsOurs).Select(o => o.Key));
    }

    public async Task<Outcome> ReconcileAsync(ObjectKey key, ReconcileContext context, CancellationToken cancel)
    {
        if (context.Objects.Get(key) is not { } item)
        {
            return Outcome.Done;
        }

        try
        {
            if (item.Header.DeletionTimestamp is not null && item.Header.Finalizers.Contains(Finalizers.Orphan))
            {
                await OrphanAsync(item, context, cancel);
                return Outcome.Done;
            }

            if (item.Header.DeletionTimestamp is not null && item.Header.Finalizers.Contains(Finalizers.Foreground))
            {
                if (!await ForegroundAsync(item, context, cancel))
                {
                    return Outcome.WakeIn(LookElsewhere);
                }
            }

            if (item.Header.Owners.Count > 0)
            {
                await CollectAsync(item, context, cancel);
            }
        }
        catch (ApiException changed) when (changed.Status.Code is 404 or 409)
        {
            // Something changed under our hands. Not every change wakes this key, so it looks again by itself.
            return Outcome.WakeIn(AfterConflict);
        }

        return Outcome.Done;
    }

    private static bool IsOurs(KubeObject item) =>
        item.Header.Owners.Count > 0
        || (item.Header.DeletionTimestamp is not null && (item.Header.Finalizers.Contains(Finalizers.Orphan) || item.Header.Finalizers.Contains(Finalizers.Foreground)));

    private IEnumerable<ObjectKey> Wakes(ObjectChange change)
    {
        if (change.After is { } after)
        {
            var isNews = change.Before is null || change.Before.Header.DeletionTimestamp != after.Header.DeletionTimestamp
                || !change.Before.Header.Owners.SequenceEqual(after.Header.Owners) || !change.Before.Header.Finalizers.SequenceEqual(after.Header.Finalizers);
            return !isNews ? [] : IsOurs(after) ? WaitingFor(change.Before, after).Prepend(after.Key) : WaitingFor(change.Before, after);
        }

        // Its dependents may be without an owner now, and its owners may wait for its end.
        var gone = change.Before!;
        return graph.DependentsOf(gone).Select(d => d.Key).Concat(gone.Header.Owners.Select(o => graph.Find(o, gone.Header)?.Key).OfType<ObjectKey>());
    }

    // Owners that are deleted in the foreground wait for each reference to them to go.
    private IEnumerable<ObjectKey> WaitingFor(KubeObject? before, KubeObject after) =>
        before is null || before.Header.Owners.SequenceEqual(after.Header.Owners) ? [] : before.Header.Owners.Select(o => graph.Find(o, before.Header)?.Key).OfType<ObjectKey>();

    private async Task CollectAsync(KubeObject item, ReconcileContext context, CancellationToken cancel)
    {
        var plan = graph.PlanFor(item);
        if (plan.Delete is not null || plan.Drop.Count > 0)
        {
            // Absence is only believed after the barrier: the owner may be younger than this silo's cache.
            await cache.WaitUntilCurrentAsync(cancel);
            await OwnerGraph.CarryOutAsync(graph.PlanFor(item), item, context, cancel);
        }
    }

    private async Task OrphanAsync(KubeObject owner, ReconcileContext context, CancellationToken cancel)
    {
        await cache.WaitUntilCurrentAsync(cancel);
        foreach (var dependent in graph.DependentsOf(owner).ToList())
        {
            await context.Objects.PatchAsync(
                dependent.Key, OwnerReferences.Release(dependent, owner.Header.Uid), "", new Preconditions(dependent.Header.Uid, dependent.Revision), cancel);
        }

        foreach (var dependent in await ElsewhereAsync(owner, cancel))
        {
            await others!.ReleaseAsync(dependent, [owner.Header.Uid], cancel);
        }

        await context.Objects.PatchAsync(owner.Key, Finalizers.Without(owner, Finalizers.Orphan), "", new Preconditions(owner.Header.Uid, owner.Revision), cancel);
    }

    /// <returns>False where another server is waited for.</returns>
    private async Task<bool> ForegroundAsync(KubeObject owner, ReconcileContext context, CancellationToken cancel)
    {
        await cache.WaitUntilCurrentAsync(cancel);
        var dependents = graph.DependentsOf(owner).ToList();
        if (!dependents.Any(d => Blocks(d.Header, owner)))
        {
            if ((await ElsewhereAsync(owner, cancel)).Any(d => Blocks(d.Header, owner)))
            {
                return false; // they are collected where all of theirs are
            }

            await context.Objects.PatchAsync(owner.Key, Finalizers.Without(owner, Finalizers.Foreground), "", new Preconditions(owner.Header.Uid, owner.Revision), cancel);
            return true;
        }

        if (WaitsForItself(owner))
        {
            // Upstream, too, opens such a circle by letting its members be deleted in any order.
            await context.Objects.PatchAsync(owner.Key, OwnerReferences.Unblock(owner), "", new Preconditions(owner.Header.Uid, owner.Revision), cancel);
            return true;
        }

        foreach (var dependent in dependents)
        {
            await CollectAsync(dependent, context, cancel);
        }

        return true;
    }

    /// <summary>Dependents that other servers hold.</summary>
    private async Task<IReadOnlyList<ExtensionObject>> ElsewhereAsync(KubeObject owner, CancellationToken cancel) => others is null
        ? []
        : [.. (await others.ListAsync(cancel)).Objects.Where(o => o.Header.Owners.Any(r => r.Uid == owner.Header.Uid) && (owner.Key.Namespace.Length == 0 || o.Header.Namespace == owner.Key.Namespace))];

    // Its owners wait for its end, theirs for the end of those, and so on round to this object.
    private bool WaitsForItself(KubeObject item)
    {
        var seen = new HashSet<string>();
        var next = new Stack<KubeObject>([item]);
        while (next.TryPop(out var dependent))
        {
            foreach (var owner in dependent.Header.Owners.Where(o => o.BlockOwnerDeletion && graph.StateOf(o, dependent.Header) == OwnerState.Waiting))
            {
                if (owner.Uid == item.Header.Uid)
                {
                    return true;
                }

                if (seen.Add(owner.Uid))
                {
                    next.Push(graph.Find(owner, dependent.Header)!);
                }
            }
        }

        return false;
    }

    private static bool Blocks(ObjectHeader dependent, KubeObject owner) => dependent.Owners.Any(o => o.Uid == owner.Header.Uid && o.BlockOwnerDeletion);
}
