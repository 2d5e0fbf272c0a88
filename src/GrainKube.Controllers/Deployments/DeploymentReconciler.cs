using GrainKube.ApiMachinery.Definitions;
using GrainKube.ApiMachinery.Objects;
using GrainKube.ApiMachinery.Selectors;
using GrainKube.Controllers.Ownership;
using GrainKube.Objects.Cache;
using GrainKube.Resources.Core.Pods;
using k8s.Models;

namespace GrainKube.Controllers.Deployments;

/// <summary>Rolls a deployment's pods from one template to the next by way of ReplicaSets.</summary>
internal sealed class DeploymentReconciler(WatchCache cache, ResourceRegistry registry) : Reconciler<V1Deployment>
{
    public override string Name => "deployment";

    public override int Slices => 8;

    public override void Configure(ReconcilerWiring wiring) => wiring
        .Reconciles<V1Deployment>()
        .Owns<V1ReplicaSet>()
        .Watches<V1ReplicaSet>(Orphans.Wake<V1Deployment>(cache, registry))
        .Watches<V1Pod>(RecreatesWaitingFor);

    protected override async Task<Outcome> ReconcileAsync(KubeObject item, V1Deployment deployment, ReconcileContext context, CancellationToken cancel)
    {
        var selector = LabelSelector.From(deployment.Spec.Selector);
        var claimed = await Claims.ClaimAsync<V1ReplicaSet>(item, selector.Matches, context, cancel);
        var rollout = new Rollout(item, deployment, claimed, context);
        if (item.Header.DeletionTimestamp is null)
        {
            await rollout.StepAsync(cancel);
        }

        return await rollout.WriteStatusAsync(cancel) is { } wake ? Outcome.WakeIn(wake) : Outcome.Done;
    }

    // A Recreate deployment goes on when the last old pod is gone.
    private IEnumerable<ObjectKey> RecreatesWaitingFor(ObjectChange change)
    {
        if ((change.After is not null && !PodFacts.Of(change.After).IsFinished) || change.Subject.Header.Controller is not { Kind: "ReplicaSet" } owner)
        {
            return [];
        }

        var sets = registry.Find(typeof(V1ReplicaSet));
        return cache.Kind(sets.GroupResource).ByUid(owner.Uid)?.Header.Controller is { Kind: "Deployment" } deployment
            ? [new ObjectKey(sets.Names.Group, "deployments", change.Subject.Key.Namespace, deployment.Name)]
            : [];
    }
}
