using GrainKube.ApiMachinery.Definitions;
using GrainKube.ApiMachinery.Errors;
using GrainKube.ApiMachinery.Objects;
using GrainKube.Controllers.Ownership;
using GrainKube.Objects.Aggregation;
using GrainKube.Objects.Cache;
using GrainKube.Objects.Writes;
using k8s.Models;
using Microsoft.Extensions.Logging;

namespace GrainKube.Controllers.GarbageCollection;

/// <summary>
/// Collects garbage where dependent or owner lie with another API server. Nobody tells of changes there, so it looks; only where such a server holds what can be deleted.
/// </summary>
internal sealed partial class ExtensionGarbageCollector(WatchCache cache, ResourceRegistry registry, ILogger<ExtensionGarbageCollector> log, IExtensionObjects? others = null) : IReconciler
{
    private static readonly ObjectKey Everything = new("", "namespaces", "", "default");
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(5);

    /// <summary>A server may begin to hold something without a change that anybody tells us of.</summary>
    private static readonly TimeSpan LookForKinds = TimeSpan.FromMinutes(1);

    public string Name => "extension-garbagecollector";

    public string Identity => "generic-garbage-collector";

    public int Slices => 1;

    public void Configure(ReconcilerWiring wiring) => wiring.Watches<V1APIService>(_ => [Everything]).StartingWith(() => [Everything]);

    public async Task<Outcome> ReconcileAsync(ObjectKey key, ReconcileContext context, CancellationToken cancel)
    {
        if (others is null || await others.ListAsync(cancel) is not { Resources.Count: > 0 } before)
        {
            return Outcome.WakeIn(LookForKinds);
        }

        // An owner is older than who names it, and is there when it is looked for after its dependents. That is why what lies elsewhere is listed twice.
        await cache.WaitUntilCurrentAsync(cancel);
        var ours = Dependents(before).ToList();
        var theirs = before.Objects.Where(o => o.Header.Owners.Count > 0).ToList();
        if (ours.Count + theirs.Count > 0)
        {
            var now = await others.ListAsync(cancel);
            await cache.WaitUntilCurrentAsync(cancel);
            foreach (var item in ours)
            {
                await CollectAsync(item, now, context, cancel);
            }

            foreach (var item in theirs)
            {
                await CollectAsync(item, now, cancel);
            }
        }

        return Outcome.WakeIn(LookAgain);
    }

    /// <summary>Objects of this server with an owner elsewhere.</summary>
    private IEnumerable<KubeObject> Dependents(ExtensionHoldings holdings) =>
        cache.Kinds.Where(k => GarbageCollector.IsCollected(k.Definition)).SelectMany(k => k.Snapshot.All)
            .Where(o => o.Header.Owners.Any(owner => !registry.TryFindKind(owner.ApiVersion, owner.Kind, out _) && holdings.Knows(owner)));

    private async Task CollectAsync(KubeObject item, ExtensionHoldings holdings, ReconcileContext context, CancellationToken cancel)
    {
        var plan = DependentPlan.For(item.Header, owner => StateOf(owner, item.Header, holdings), () => cache.Kinds.Any(k => k.OwnedBy(item.Header.Uid).Any()));
        try
        {
            if (plan.Delete is { } propagation)
            {
                await context.Objects.DeleteAsync(item.Key, new Preconditions(item.Header.Uid, item.Revision), cancel, propagation: propagation);
            }
            else if (plan.Drop.Count > 0)
            {
                await context.Objects.PatchAsync(item.Key, OwnerReferences.Release(item, plan.Drop[0].Uid), "", new Preconditions(item.Header.Uid, item.Revision), cancel);
            }
        }
        catch (ApiException changed) when (changed.Status.Code is 404 or 409)
        {
            // It is looked at again soon.
        }
    }

    private async Task CollectAsync(ExtensionObject item, ExtensionHoldings holdings, CancellationToken cancel)
    {
        var plan = DependentPlan.For(item.Header, owner => StateOf(owner, item.Header, holdings), () => false);
        try
        {
            if (plan.Delete is { } propagation)
            {
                await others!.DeleteAsync(item, propagation, cancel);
            }
            else if (plan.Drop.Count > 0)
            {
                await others!.ReleaseAsync(item, [.. plan.Drop.Select(o => o.Uid)], cancel);
            }
        }
        catch (HttpRequestException refused)
        {
            LogRefused(refused, item.Path);
        }
    }

    private OwnerState StateOf(OwnerReference owner, ObjectHeader dependent, ExtensionHoldings holdings)
    {
        ObjectHeader? found;
        if (registry.TryFindKind(owner.ApiVersion, owner.Kind, out var kind))
        {
            if (cache.TryKind(kind.GroupResource) is not { } held || (kind.Names.Namespaced && dependent.Namespace.Length == 0))
            {
                return OwnerState.Unknown;
            }

            found = held.ByUid(owner.Uid)?.Header;
        }
        else if (holdings.Knows(owner))
        {
            found = holdings.ByUid(owner.Uid)?.Header;
        }
        else
        {
            return OwnerState.Unknown;
        }

        return found is null || (found.Namespace.Length > 0 && found.Namespace != dependent.Namespace) ? OwnerState.Absent
            : found.DeletionTimestamp is not null && found.Finalizers.Contains(Finalizers.Foreground) ? OwnerState.Waiting
            : OwnerState.Solid;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Path} of another API server is garbage, and the server does not let it go")]
    private partial void LogRefused(Exception refused, string path);
}
