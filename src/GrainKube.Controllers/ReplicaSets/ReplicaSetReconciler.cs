using GrainKube.ApiMachinery.Definitions;
using GrainKube.ApiMachinery.Selectors;
using GrainKube.Objects.Cache;
using k8s.Models;

namespace GrainKube.Controllers.ReplicaSets;

/// <summary>Keeps as many pods as a ReplicaSet asks for.</summary>
internal sealed class ReplicaSetReconciler(WatchCache cache, ResourceRegistry registry) : ReplicasReconciler<V1ReplicaSet>(cache, registry)
{
    public override string Name => "replicaset";

    public override int Slices => 8;

    protected override bool CountsTerminating => true;

    protected override ReplicaWish WishOf(V1ReplicaSet set) =>
        new(set.Spec.Replicas ?? 1, set.Spec.MinReadySeconds ?? 0, LabelSelector.From(set.Spec.Selector), ReplicaWish.LabelsOf(set.Spec.Template));
}
