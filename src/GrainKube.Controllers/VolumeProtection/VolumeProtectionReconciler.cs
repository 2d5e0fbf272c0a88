using GrainKube.ApiMachinery.Objects;
using GrainKube.Resources.Core.PersistentVolumes;
using k8s.Models;

namespace GrainKube.Controllers.VolumeProtection;

/// <summary>Keeps a volume from going while it is bound.</summary>
internal sealed class VolumeProtectionReconciler : Reconciler<V1PersistentVolume>
{
    public override string Name => "persistentvolume-protection-controller";

    public override string Identity => "pv-protection-controller";

    protected override async Task<Outcome> ReconcileAsync(KubeObject item, V1PersistentVolume view, ReconcileContext context, CancellationToken cancel)
    {
        var wanted = item.Header.DeletionTimestamp is null || view.Status?.Phase == "Bound";
        await Protection.SetAsync(item, VolumeAnnotations.VolumeProtection, wanted, context, cancel);
        return Outcome.Done;
    }
}
