using GrainKube.ApiMachinery.Definitions;
using GrainKube.ApiMachinery.Selectors;
using GrainKube.Controllers.ReplicaSets;
using GrainKube.Objects.Cache;
using k8s.Models;

namespace GrainKube.Controllers.ReplicationControllers;

/// <summary>Keeps as many pods as a ReplicationController asks for: a ReplicaSet with a plainer selector.</summary>
internal sealed class ReplicationControllerReconciler(WatchCache cache, ResourceRegistry registry) : ReplicasReconciler<V1ReplicationController>(cache, registry)
{
    public override string Name => "replicationcontroller";

    public override string Identity => "replication-controller";

    protected override bool CountsTerminating => false;

    protected override ReplicaWish WishOf(V1ReplicationController controller) => new(
        controller.Spec.Replicas ?? 1,
        controller.Spec.MinReadySeconds ?? 0,
        controller.Spec.Selector is { Count: > 0 } selector ? LabelSelector.Of(selector) : LabelSelector.Nothing,
        ReplicaWish.LabelsOf(controller.Spec.Template));
}
