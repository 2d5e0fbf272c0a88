using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Definitions;
using GrainKube.ApiMachinery.Errors;
using GrainKube.ApiMachinery.Objects;
using GrainKube.ApiMachinery.Selectors;
using GrainKube.Controllers.Ownership;
using GrainKube.Controllers.Revisions;
using GrainKube.Controllers.Statuses;
using GrainKube.Objects.Cache;
using k8s.Models;

namespace GrainKube.Controllers.StatefulSets;

/// <summary>Keeps the pods of a stateful set: each with its name, its claims, and its place in the order.</summary>
/// <remarks>A change of a revision wakes nobody, as upstream: a client may work on the history without the controller's setting it right under its hands.</remarks>
internal sealed class StatefulSetReconciler(WatchCache cache, ResourceRegistry registry) : Reconciler<V1StatefulSet>
{
    public override string Name => "statefulset";

    public override int Slices => 8;

    public override void Configure(ReconcilerWiring wiring) => wiring
        .Reconciles<V1StatefulSet>()
        .Owns<V1Pod>()
        .Watches<V1Pod>(Orphans.Wake<V1StatefulSet>(cache, registry))
        .Watches<V1Pod>(WaitingForName)
        .Watches<V1PersistentVolumeClaim>(WaitingForClaims);

    protected override async Task<Outcome> ReconcileAsync(KubeObject item, V1StatefulSet set, ReconcileContext context, CancellationToken cancel)
    {
        var node = item.ToNode();
        var selector = LabelSelector.From(set.Spec.Selector);
        var history = new RevisionHistory(item, node, StatefulSetLabels.RevisionHash, context);
        var revisions = await history.ClaimAsync(selector, cancel);
        var data = RevisionData.Of(node["spec"]!["template"]!);
        var place = RevisionPlan.For(revisions, data);
        if (item.Header.DeletionTimestamp is not null && place.Present is null)
        {
            return Outcome.Done;
        }

        var update = await history.EnsureAsync(place, data, cancel);
        var current = revisions.FirstOrDefault(r => r.Name == set.Status?.CurrentRevision) ?? update;
        var claimed = await Claims.ClaimWhereAsync<V1Pod>(
            item, pod => selector.Matches(pod.Header.Labels) && Ordinals.Of(pod.Header.Name, item.Header.Name) is not null, context, cancel);
        var pods = claimed.ConvertAll(p => new StatefulPod(p, Ordinals.Of(p.Header.Name, item.Header.Name)!.Value, set.Spec.MinReadySeconds ?? 0, context.Now));
        ApiException? refusal = null;
        if (item.Header.DeletionTimestamp is null)
        {
            var step = new StatefulSetStep(item, node, set, current, update, context);
            try
            {
                await step.TakeAsync(pods, cancel);
            }
            catch (ApiException refused)
            {
                refusal = refused;
            }
        }

        var live = pods.Select(p => p.Revision).Append(current.Name).Append(update.Name).ToHashSet();
        await history.DeleteAsync(RevisionPlan.Superfluous(place.Duplicates.Concat(place.Old).OrderBy(r => r.Number), r => live.Contains(r.Name), set.Spec.RevisionHistoryLimit ?? 10), cancel);
        await WriteStatusAsync(item, set, pods, current.Name, update.Name, history.Collisions, context, cancel);
        if (refusal is not null)
        {
            throw refusal;
        }

        return pods.Select(p => p.NextLook).Where(w => w is not null).Min() is { } wake ? Outcome.WakeIn(wake) : Outcome.Done;
    }

    private static async Task WriteStatusAsync(
        KubeObject item, V1StatefulSet set, IReadOnlyList<StatefulPod> pods, string current, string update, int collisions, ReconcileContext context, CancellationToken cancel)
    {
        var counts = StatefulSetCounts.Of(pods, current, update);
        var complete = counts.IsComplete(StatefulSetRules.Of(set.Spec));
        var status = new JsonObject
        {
            ["observedGeneration"] = item.Header.Generation,
            ["replicas"] = counts.Replicas,
            ["readyReplicas"] = StatusPatch.Count(counts.Ready),
            ["currentReplicas"] = StatusPatch.Count(complete ? counts.Updated : counts.Current),
            ["updatedReplicas"] = StatusPatch.Count(counts.Updated),
            ["currentRevision"] = complete ? update : current,
            ["updateRevision"] = update,
            ["collisionCount"] = collisions,
            ["availableReplicas"] = counts.Available,
        };
        if (StatusPatch.Changes(item, status))
        {
            await StatusPatch.WriteAsync(item, status, context, cancel);
        }
    }

    // A stranger's pod may have stood where one of ours is to be.
    private static IEnumerable<ObjectKey> WaitingForName(ObjectChange change) =>
        change.After is null && change.Subject.Key is var pod && pod.Name.LastIndexOf('-') is var dash and > 0
            ? [new ObjectKey("apps", "statefulsets", pod.Namespace, pod.Name[..dash])]
            : [];

    // A pod may be waiting until the claim of the one before it is gone.
    private IEnumerable<ObjectKey> WaitingForClaims(ObjectChange change) => change.After is not null
        ? []
        : cache.Kind(registry.Find(typeof(V1StatefulSet)).GroupResource).Snapshot.In(change.Subject.Key.Namespace)
            .Where(set => change.Subject.Key.Name.Contains($"-{set.Header.Name}-", StringComparison.Ordinal))
            .Select(set => set.Key);
}
