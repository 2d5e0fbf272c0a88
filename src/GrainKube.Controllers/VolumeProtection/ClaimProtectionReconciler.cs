using GrainKube.ApiMachinery.Objects;
using GrainKube.Objects.Cache;
using GrainKube.Resources.Core.PersistentVolumes;
using GrainKube.Resources.Core.Pods;
using k8s.Models;

namespace GrainKube.Controllers.VolumeProtection;

/// <summary>Keeps a claim from going while a pod on a node uses it.</summary>
internal sealed class ClaimProtectionReconciler(WatchCache cache) : Reconciler<V1PersistentVolumeClaim>
{
    private static readonly GroupResource Pods = new("", "pods");

    public override string Name => "persistentvolumeclaim-protection-controller";

    public override string Identity => "pvc-protection-controller";

    public override void Configure(ReconcilerWiring wiring) => wiring
        .Reconciles<V1PersistentVolumeClaim>()
        .On(Pods, change => change.After is null || PodFacts.Of(change.After).IsFinished ? ClaimsOf(change.Subject) : []);

    protected override async Task<Outcome> ReconcileAsync(KubeObject item, V1PersistentVolumeClaim view, ReconcileContext context, CancellationToken cancel)
    {
        if (item.Header.DeletionTimestamp is not null)
        {
            // A pod that this silo has not heard of must not lose its claim.
            await context.Objects.Cache.WaitUntilCurrentAsync(cancel);
        }

        var wanted = item.Header.DeletionTimestamp is null || cache.Kind(Pods).Snapshot.In(item.Key.Namespace).Any(pod => Uses(pod, item));
        await Protection.SetAsync(item, VolumeAnnotations.ClaimProtection, wanted, context, cancel);
        return Outcome.Done;
    }

    private static bool Uses(KubeObject pod, KubeObject claim) => PodFacts.Of(pod).NodeName.Length > 0 && ClaimsOf(pod).Contains(claim.Key);

    private static IEnumerable<ObjectKey> ClaimsOf(KubeObject pod) => PodClaims.Of(pod).Select(name => new ObjectKey("", "persistentvolumeclaims", pod.Key.Namespace, name));
}
