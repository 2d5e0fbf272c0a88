using System.Collections.Concurrent;
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

    // Since when a pod waits for its end. Only kept in memory, as upstream's: a slice that moves begins to count anew where a taint does not say when it was added.
    private readonly ConcurrentDictionary<ObjectKey, (string Uid, DateTimeOffset Since)> waiting = new();

    public override string Name => "taint-eviction-controller";

    public override string Identity => "taint-eviction-controller";

    public override void Configure(ReconcilerWiring wiring) => wiring
        .On(Pods, change => change.After is null or { Header.DeletionTimestamp: not null } ? waiting.ContainsKey(change.Subject.Key) ? [change.Subject.Key] : [] : IsOnTaintedNode(change.After) ? [change.After.Key] : [])
        .On(Nodes, change => change.After is { } node && !NoExecutes(node).SequenceEqual(change.Before is { } before ? NoExecutes(before) : []) ? cache.Kind(Pods).WithField("spec.nodeName", node.Header.Name).Select(p => p.Key) : [])
        .StartingWith(() => cache.Kind(Pods).Snapshot.All.Where(IsOnTaintedNode).Select(p => p.Key));

    protected override async Task<Outcome> ReconcileAsync(KubeObject item, V1Pod view, ReconcileContext context, CancellationToken cancel)
    {
        if (item.Header.DeletionTimestamp is not null || NodeOf(item) is not { } node)
        {
            waiting.TryRemove(item.Key, out _);
            return Outcome.Done;
        }

        var tolerations = view.Spec.Tolerations?.AsReadOnly() ?? (IReadOnlyList<V1Toleration>)[];
        var since = waiting.TryGetValue(item.Key, out var known) && known.Uid == item.Header.Uid ? known.Since : context.Now;
        if (EvictionTime.Of(node.As<V1Node>().Spec?.Taints ?? [], tolerations, item.Header.CreationTimestamp ?? context.Now, since, context.Now) is not { } at)
        {
            if (waiting.TryRemove(item.Key, out var before) && before.Uid == item.Header.Uid)
            {
                context.Events.Normal(item, "TaintManagerEviction", $"Cancelling deletion of Pod {item.Key.Namespace}/{item.Key.Name}");
            }

            return Outcome.Done;
        }

        if (at > context.Now)
        {
            waiting[item.Key] = (item.Header.Uid, since);
            return Outcome.WakeIn(at - context.Now);
        }

        await StatusPatch.WriteSharedAsync(
            item,
            pod => Conditions.With(pod, "DisruptionTarget", true, "DeletionByTaintManager", "Taint manager: deleting due to NoExecute taint", context.Now),
            context,
            cancel);
        context.Events.Normal(item, "TaintManagerEviction", $"Marking for deletion Pod {item.Key.Namespace}/{item.Key.Name}");
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

    protected override Task<Outcome> GoneAsync(ObjectKey key, ReconcileContext context, CancellationToken cancel)
    {
        waiting.TryRemove(key, out _);
        return Task.FromResult(Outcome.Done);
    }

    private KubeObject? NodeOf(KubeObject pod) => PodFacts.Of(pod).NodeName is { Length: > 0 } name ? cache.Kind(Nodes).Get("", name) : null;

    private bool IsOnTaintedNode(KubeObject pod) => NodeOf(pod) is { } node && NoExecutes(node).Any();

    private static IEnumerable<(string Key, string? Value, DateTime? Added)> NoExecutes(KubeObject node) =>
        (node.As<V1Node>().Spec?.Taints ?? []).Where(t => t.Effect == "NoExecute").Select(t => (t.Key, (string?)t.Value, t.TimeAdded));
}
