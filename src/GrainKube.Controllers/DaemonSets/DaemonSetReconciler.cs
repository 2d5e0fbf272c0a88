using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Definitions;
using GrainKube.ApiMachinery.Objects;
using GrainKube.ApiMachinery.Selectors;
using GrainKube.Controllers.Ownership;
using GrainKube.Controllers.Revisions;
using GrainKube.Controllers.Statuses;
using GrainKube.Objects.Cache;
using k8s.Models;

namespace GrainKube.Controllers.DaemonSets;

/// <summary>Keeps one pod of a daemon set on every node that it belongs on.</summary>
/// <remarks>A change of a revision wakes nobody, as upstream: a client may work on the history without the controller's setting it right under its hands.</remarks>
internal sealed class DaemonSetReconciler(WatchCache cache, ResourceRegistry registry) : Reconciler<V1DaemonSet>
{
    private readonly FailedPodBackoff backoff = new();

    public override string Name => "daemonset";

    public override string Identity => "daemon-set-controller";

    public override int Slices => 8;

    public override void Configure(ReconcilerWiring wiring) => wiring
        .Reconciles<V1DaemonSet>()
        .Owns<V1Pod>()
        .Watches<V1Pod>(Orphans.Wake<V1DaemonSet>(cache, registry))
        .Watches<V1Node>(AllWhenNodeChanges);

    protected override async Task<Outcome> ReconcileAsync(KubeObject item, V1DaemonSet set, ReconcileContext context, CancellationToken cancel)
    {
        if (item.Header.DeletionTimestamp is not null)
        {
            backoff.Forget(item.Header.Uid);
            return Outcome.Done;
        }

        var node = item.ToNode();
        var selector = LabelSelector.From(set.Spec.Selector);
        var history = new RevisionHistory(item, node, DaemonSetLabels.RevisionHash, context);
        var data = RevisionData.Of(node["spec"]!["template"]!);
        var place = RevisionPlan.For(await history.ClaimAsync(selector, cancel), data);
        var current = await history.EnsureAsync(place, data, cancel);
        var hash = DaemonRevisions.HashOf(current);
        var claimed = await Claims.ClaimAsync<V1Pod>(item, selector.Matches, context, cancel);
        var keeper = new DaemonRevisions(history, place, context);
        claimed = await keeper.DropDuplicatesAsync(claimed, hash, cancel);
        var step = new DaemonSetStep(item, node, set, hash, claimed, backoff, context);
        try
        {
            await step.TakeAsync(cancel);
            await keeper.CleanUpAsync(claimed, set.Spec.RevisionHistoryLimit ?? 10, cancel);
        }
        finally
        {
            await WriteStatusAsync(item, step.Counts, history.Collisions, context, cancel);
        }

        return step.WakeAfter is { } wake ? Outcome.WakeIn(wake) : Outcome.Done;
    }

    private static async Task WriteStatusAsync(KubeObject item, DaemonSetCounts counts, int collisions, ReconcileContext context, CancellationToken cancel)
    {
        var status = new JsonObject
        {
            ["observedGeneration"] = item.Header.Generation,
            ["desiredNumberScheduled"] = counts.Desired,
            ["currentNumberScheduled"] = counts.Current,
            ["numberMisscheduled"] = counts.Misscheduled,
            ["numberReady"] = counts.Ready,
            ["updatedNumberScheduled"] = StatusPatch.Count(counts.Updated),
            ["numberAvailable"] = StatusPatch.Count(counts.Available),
            ["numberUnavailable"] = StatusPatch.Count(counts.Desired - counts.Available),
        };
        if (collisions > 0)
        {
            status["collisionCount"] = collisions;
        }

        if (StatusPatch.Changes(item, status))
        {
            await StatusPatch.WriteAsync(item, status, context, cancel);
        }
    }

    // Heartbeats are no news; what decides about placement is.
    private IEnumerable<ObjectKey> AllWhenNodeChanges(ObjectChange change) =>
        change is { Before: { } before, After: { } after } && SameLabels(before.Header.Labels, after.Header.Labels) && SameTaints(before, after)
            ? []
            : cache.Kind(registry.Find(typeof(V1DaemonSet)).GroupResource).Snapshot.All.Select(o => o.Key);

    private static bool SameLabels(IReadOnlyDictionary<string, string> one, IReadOnlyDictionary<string, string> other) =>
        one.Count == other.Count && one.All(l => other.TryGetValue(l.Key, out var value) && value == l.Value);

    private static bool SameTaints(KubeObject one, KubeObject other)
    {
        var (before, after) = (one.As<V1Node>().Spec?.Taints ?? [], other.As<V1Node>().Spec?.Taints ?? []);
        return before.Count == after.Count && before.Zip(after).All(t => t.First.Key == t.Second.Key && t.First.Value == t.Second.Value && t.First.Effect == t.Second.Effect);
    }
}
