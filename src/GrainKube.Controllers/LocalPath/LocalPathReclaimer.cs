using GrainKube.ApiMachinery.Errors;
using GrainKube.ApiMachinery.Objects;
using GrainKube.Controllers.PersistentVolumes;
using GrainKube.Controllers.VolumeProtection;
using GrainKube.Objects.Cache;
using GrainKube.Objects.Nodes;
using GrainKube.Objects.Writes;
using GrainKube.Resources.Core.PersistentVolumes;
using k8s.Models;

namespace GrainKube.Controllers.LocalPath;

/// <summary>Removes the directories of volumes that are released or deleted, as their reclaim policy says. Keys are volumes.</summary>
internal sealed class LocalPathReclaimer(WatchCache cache, IGrainFactory grains) : Reconciler<V1PersistentVolume>
{
    private static readonly GroupResource Volumes = new("", "persistentvolumes");

    public override string Name => "local-path-reclaimer";

    public override string Identity => "local-path-provisioner";

    public override void Configure(ReconcilerWiring wiring) => wiring
        .On(Volumes, change => change.After is { } volume && IsOurs(volume) ? [volume.Key] : [])
        .StartingWith(() => cache.Kind(Volumes).Snapshot.All.Where(IsOurs).Select(v => v.Key));

    protected override async Task<Outcome> ReconcileAsync(KubeObject item, V1PersistentVolume view, ReconcileContext context, CancellationToken cancel)
    {
        var isKept = view.Spec.PersistentVolumeReclaimPolicy != "Delete";
        if (item.Header.DeletionTimestamp is null)
        {
            if (!isKept && view.Status?.Phase == "Released" && await RemoveDirectoryAsync(item, view, context))
            {
                await context.Objects.DeleteAsync(item.Key, new Preconditions(item.Header.Uid), cancel);
            }

            return Outcome.Done;
        }

        // A bound volume is held back by its protection: its turn comes when that is gone.
        if (item.Header.Finalizers.Contains(LocalPath.Finalizer) && !item.Header.Finalizers.Contains(VolumeAnnotations.VolumeProtection)
            && (isKept || await RemoveDirectoryAsync(item, view, context)))
        {
            await Protection.SetAsync(item, LocalPath.Finalizer, wanted: false, context, cancel);
        }

        return Outcome.Done;
    }

    private async Task<bool> RemoveDirectoryAsync(KubeObject item, V1PersistentVolume view, ReconcileContext context)
    {
        if (VolumeNodes.Of(view, cache).FirstOrDefault()?.Header.Name is not { } node)
        {
            return true; // the node is gone for good, and the directory with it
        }

        try
        {
            await grains.GetGrain<IKubeletGrain>(node).RemoveVolumeAsync(item.Header.Name);
            return true;
        }
        catch (ApiException failed)
        {
            context.Events.Warning(item, "VolumeFailedDelete", failed.Message);
            throw;
        }
    }

    private static bool IsOurs(KubeObject volume) => VolumeFacts.Annotation(volume.As<V1PersistentVolume>().Metadata, VolumeAnnotations.ProvisionedBy) == LocalPath.Provisioner;
}
