using GrainKube.ApiMachinery.Errors;
using GrainKube.ApiMachinery.Objects;
using GrainKube.Objects.Cache;
using k8s.Models;

namespace GrainKube.Controllers.PersistentVolumes;

/// <summary>Brings claims and volumes together and keeps their phases. Keys are claims and volumes.</summary>
internal sealed class PersistentVolumeBinder(WatchCache cache, IGrainFactory grains) : IReconciler
{
    // Two keys may want the same volume; the slower one looks again.
    private static readonly TimeSpan AfterConflict = TimeSpan.FromMilliseconds(100);
    private static readonly GroupResource Claims = new("", "persistentvolumeclaims");
    private static readonly GroupResource Volumes = new("", "persistentvolumes");
    private readonly VolumePhases phases = new(new HostPathRemoval(cache, grains));

    public string Name => "persistentvolume-binder-controller";

    public string Identity => "persistent-volume-binder";

    public int Slices => 1;

    public void Configure(ReconcilerWiring wiring) => wiring
        .On(Claims, OnClaim)
        .On(Volumes, OnVolume)
        .Watches<V1StorageClass>(change => change.After is null ? [] : Waiting())
        .StartingWith(() => cache.Kind(Claims).Snapshot.All.Concat(cache.Kind(Volumes).Snapshot.All).Select(o => o.Key));

    public async Task<Outcome> ReconcileAsync(ObjectKey key, ReconcileContext context, CancellationToken cancel)
    {
        if (context.Objects.Get(key) is not { } item)
        {
            return Outcome.Done;
        }

        try
        {
            if (key.Resource == Claims.Resource)
            {
                await ClaimBinding.ReconcileAsync(item, WorldOf(item), context, cancel);
            }
            else
            {
                await phases.ReconcileAsync(item, await ClaimOfAsync(item, context, cancel), context, cancel);
            }
        }
        catch (ApiException changed) when (changed.Status.Code is 404 or 409)
        {
            return Outcome.WakeIn(AfterConflict);
        }

        return Outcome.Done;
    }

    private ClaimWorld WorldOf(KubeObject claim) => new(
        [.. cache.Kind(Volumes).Snapshot.All.Select(v => v.As<V1PersistentVolume>())],
        [.. cache.Kind(new GroupResource("storage.k8s.io", "storageclasses")).Snapshot.All.Select(c => c.As<V1StorageClass>())],
        [
            .. cache.Kind(new GroupResource("", "pods")).Snapshot.In(claim.Key.Namespace)
                .Where(p => p.Header.DeletionTimestamp is null)
                .Select(p => p.As<V1Pod>())
                .Where(p => string.IsNullOrEmpty(p.Spec.NodeName) && p.Spec.Volumes?.Any(v => v.PersistentVolumeClaim?.ClaimName == claim.Key.Name) == true)
                .Select(p => p.Metadata.Name),
        ]);

    private static async Task<V1PersistentVolumeClaim?> ClaimOfAsync(KubeObject volume, ReconcileContext context, CancellationToken cancel)
    {
        if (volume.As<V1PersistentVolume>().Spec.ClaimRef is not { Name.Length: > 0 } claimRef)
        {
            return null;
        }

        if (context.Objects.Get<V1PersistentVolumeClaim>(claimRef.NamespaceProperty, claimRef.Name) is not { } claim || claim.Metadata.Uid != claimRef.Uid)
        {
            // Before a volume is given up, make sure that this silo is not merely behind.
            await context.Objects.Cache.WaitUntilCurrentAsync(cancel);
            return context.Objects.Get<V1PersistentVolumeClaim>(claimRef.NamespaceProperty, claimRef.Name);
        }

        return claim;
    }

    private IEnumerable<ObjectKey> OnClaim(ObjectChange change)
    {
        var key = change.Subject.Key;
        if (change.Subject.Derive(ClaimState.Of).VolumeName is { Length: > 0 } volume)
        {
            return [key, new ObjectKey("", Volumes.Resource, "", volume)];
        }

        // A claim may go in the middle of its binding, when only the volume knows of it.
        return change.After is null ? [key, .. ReservedFor(key)] : [key];
    }

    private IEnumerable<ObjectKey> ReservedFor(ObjectKey claim) => cache.Kind(Volumes).Snapshot.All
        .Where(v => v.As<V1PersistentVolume>().Spec?.ClaimRef is { } claimRef && claimRef.NamespaceProperty == claim.Namespace && claimRef.Name == claim.Name)
        .Select(v => v.Key);

    private IEnumerable<ObjectKey> OnVolume(ObjectChange change)
    {
        var volume = change.Subject.As<V1PersistentVolume>();
        return volume.Spec?.ClaimRef is { Name.Length: > 0 } claimRef
            ? [change.Subject.Key, new ObjectKey("", Claims.Resource, claimRef.NamespaceProperty, claimRef.Name)]
            : change.After is not null && volume.Status?.Phase == "Available" ? [change.Subject.Key, .. Waiting()]
            : [change.Subject.Key];
    }

    private IEnumerable<ObjectKey> Waiting() => cache.Kind(Claims).Snapshot.All.Where(c => c.Derive(ClaimState.Of).Phase == "Pending").Select(c => c.Key);

    /// <summary>What wake-ups look at, read once for each version of a claim.</summary>
    private sealed class ClaimState
    {
        public required string VolumeName { get; init; }
        public required string Phase { get; init; }

        public static ClaimState Of(KubeObject claim)
        {
            var view = claim.As<V1PersistentVolumeClaim>();
            return new ClaimState { VolumeName = view.Spec?.VolumeName ?? "", Phase = view.Status?.Phase ?? "" };
        }
    }
}
