using GrainKube.ApiMachinery.Definitions;
using GrainKube.ApiMachinery.Objects;
using GrainKube.Controllers.Ownership;
using GrainKube.Objects.Aggregation;
using GrainKube.Objects.Cache;
using GrainKube.Objects.Writes;

namespace GrainKube.Controllers.GarbageCollection;

/// <summary>Who owns whom among the objects of this server and, where their list is given, of others; and what becomes of a dependent.</summary>
internal sealed class OwnerGraph(WatchCache cache, ResourceRegistry registry)
{
    /// <summary>Kinds whose objects can be garbage.</summary>
    public static bool IsCollected(ResourceDefinition definition) => definition.IsStored && definition.Verbs.Contains("delete") && definition.TimeToLive == TimeSpan.Zero;

    /// <summary>Every object that can be garbage.</summary>
    public IEnumerable<KubeObject> Objects() => Kinds().SelectMany(kind => kind.Snapshot.All);

    public IEnumerable<KubeObject> DependentsOf(KubeObject owner) =>
        Kinds().SelectMany(k => k.OwnedBy(owner.Header.Uid)).Where(d => owner.Key.Namespace.Length == 0 || d.Key.Namespace == owner.Key.Namespace);

    /// <summary>An owner that this server holds, where the dependent may have it.</summary>
    public KubeObject? Find(OwnerReference owner, ObjectHeader dependent) =>
        registry.TryFindKind(owner.ApiVersion, owner.Kind, out var definition)
        && cache.TryKind(definition.GroupResource)?.ByUid(owner.Uid) is { } found
        && MayOwn(found.Header, dependent)
            ? found
            : null;

    /// <summary>True where the kind of the owner is none of this server's.</summary>
    public bool IsElsewhere(OwnerReference owner) => !registry.TryFindKind(owner.ApiVersion, owner.Kind, out _);

    // What has no namespace cannot be owned by what has one: upstream calls such a reference unresolvable and leaves the object alone.
    public OwnerState StateOf(OwnerReference owner, ObjectHeader dependent, ExtensionHoldings? others = null)
    {
        ObjectHeader? found;
        if (!registry.TryFindKind(owner.ApiVersion, owner.Kind, out var kind))
        {
            if (others?.Knows(owner) != true)
            {
                return OwnerState.Unknown;
            }

            found = others.ByUid(owner.Uid)?.Header;
        }
        else if (cache.TryKind(kind.GroupResource) is not { } held || (kind.Names.Namespaced && dependent.Namespace.Length == 0))
        {
            return OwnerState.Unknown;
        }
        else
        {
            found = held.ByUid(owner.Uid)?.Header;
        }

        return found is null || !MayOwn(found, dependent) ? OwnerState.Absent
            : found.DeletionTimestamp is not null && found.Finalizers.Contains(Finalizers.Foreground) ? OwnerState.Waiting
            : OwnerState.Solid;
    }

    public DependentPlan PlanFor(KubeObject item, ExtensionHoldings? others = null) =>
        DependentPlan.For(item.Header, owner => StateOf(owner, item.Header, others), () => DependentsOf(item).Any());

    /// <exception cref="ApiMachinery.Errors.ApiException">The object changed meanwhile, or is gone.</exception>
    public static async Task CarryOutAsync(DependentPlan plan, KubeObject item, ReconcileContext context, CancellationToken cancel)
    {
        var asItIs = new Preconditions(item.Header.Uid, item.Revision);
        if (plan.Delete is { } propagation)
        {
            await context.Objects.DeleteAsync(item.Key, asItIs, cancel, propagation: propagation);
        }
        else if (plan.Drop.Count > 0)
        {
            await context.Objects.PatchAsync(item.Key, OwnerReferences.Release(item, plan.Drop[0].Uid), "", asItIs, cancel);
        }
    }

    private IEnumerable<KindCache> Kinds() => cache.Kinds.Where(k => IsCollected(k.Definition));

    private static bool MayOwn(ObjectHeader owner, ObjectHeader dependent) => owner.Namespace.Length == 0 || owner.Namespace == dependent.Namespace;
}
