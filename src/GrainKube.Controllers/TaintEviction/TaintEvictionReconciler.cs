using GrainKube.ApiMachinery.Errors;
using GrainKube.ApiMachinery.Objects;
using GrainKube.Controllers.Statuses;
using GrainKube.Objects.Cache;
using GrainKube.Objects.Writes;
using GrainKube.Resources.Core.Pods;
using k8s.Models;

namespace GrainKube.Controllers.TaintEviction;

/// <summary>Deletes pods from nodes whose NoExecute taints they do not tolerate (any longer). Keys are pods.</summary>
internal sealed class TaintEvictionReconciler(WatchCache cache) : Reconciler<V1Pod>
{
    private static readonly GroupResource Pods = new("", "pods");
    private static readonly GroupResource Nodes = new("", "nodes");

    public override string Name => "taint-eviction-controller";

    public override string Identity => "taint-eviction-controller";

    public override void Configure(ReconcilerWiring wiring) => wiring
        .On(Pods, change => change.After is { Header.DeletionTimestamp: null } pod && IsOnTaintedNode(pod) ? [pod.Key] : [])
        .On(Nodes, change => change.After is { } node && HasNoExecute(node) ? cache.Kind(Pods).WithField("spec.nodeName", node.Header.Name).Select(p => p.Key) : [])
        .StartingWith(() => cache.Kind(Pods).Snapshot.All.Where(IsOnTaintedNode).Select(p => p.Key));

    protected override async Task<Outcome> ReconcileAsync(KubeObject item, V1Pod view, ReconcileContext context, CancellationToken cancel)
    {
        if (item.Header.DeletionTimestamp is not null || NodeOf(item) is not { } node)
        {
            return Outcome.Done;
        }

        var tolerations = view.Spec.Tolerations?.AsReadOnly() ?? (IReadOnlyList<V1Toleration>)[];
        if (EvictionTime.Of(node.As<V1Node>().Spec?.Taints ?? [], tolerations, context.Now) is not { } at)
        {
            return Outcome.Done;
        }

        if (at > context.Now)
        {
            return Outcome.WakeIn(at - context.Now);
        }

        context.Events.Normal(item, "TaintManagerEviction", $"Marking for deletion Pod {item.Key.Namespace}/{item.Key.Name}");
        await StatusPatch.WriteSharedAsync(
            item,
            pod => Conditions.With(pod, "DisruptionTarget", true, "DeletionByTaintManager", "Taint manager: deleting due to NoExecute taint", context.Now),
            context,
            cancel);
        try
        {
            await context.Objects.DeleteAsync(item.Key, new Preconditions(item.Header.Uid), cancel);
        }
        catch (ApiException replaced) when (replaced.Status.Code == 409)
        {
            // A namesake: not the pod that was to go.
        }

        return Outcome.Done;
    }

    private KubeObject? NodeOf(KubeObject pod) => PodFacts.Of(pod).NodeName is { Length: > 0 } name ? cache.Kind(Nodes).Get("", name) : null;

    private bool IsOnTaintedNode(KubeObject pod) => NodeOf(pod) is { } node && HasNoExecute(node);

    private static bool HasNoExecute(KubeObject node) => node.As<V1Node>().Spec?.Taints?.Any(t => t.Effect == "NoExecute") == true;
}
