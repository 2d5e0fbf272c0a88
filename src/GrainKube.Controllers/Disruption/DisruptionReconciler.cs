using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Objects;
using GrainKube.ApiMachinery.Schemas;
using GrainKube.ApiMachinery.Selectors;
using GrainKube.Controllers.Statuses;
using GrainKube.Objects.Cache;
using GrainKube.Resources.Core.Pods;
using k8s.Models;

namespace GrainKube.Controllers.Disruption;

/// <summary>Counts for each disruption budget how many of its pods may be evicted. Evictions take from the same count, so it is only written if nobody wrote since it was read.</summary>
internal sealed class DisruptionReconciler(WatchCache cache, ExpectedScale scales) : Reconciler<V1PodDisruptionBudget>
{
    private static readonly GroupResource Budgets = new("policy", "poddisruptionbudgets");
    private static readonly TimeSpan RetryUnknown = TimeSpan.FromSeconds(10);

    public override string Name => "disruption";

    public override void Configure(ReconcilerWiring wiring) => wiring
        .Reconciles<V1PodDisruptionBudget>()
        .Watches<V1Pod>(AffectedBy)
        .Watches<V1Deployment>(Rescaled)
        .Watches<V1ReplicaSet>(Rescaled)
        .Watches<V1StatefulSet>(Rescaled)
        .Watches<V1ReplicationController>(Rescaled);

    protected override async Task<Outcome> ReconcileAsync(KubeObject item, V1PodDisruptionBudget budget, ReconcileContext context, CancellationToken cancel)
    {
        var selector = SelectorOf(item);
        var pods = context.Objects.List<V1Pod>(item.Key.Namespace).Where(p => selector.Matches(p.Header.Labels)).ToList();
        if (pods.Count == 0)
        {
            context.Events.Normal(item, "NoPods", "No matching pods found");
        }

        var scale = 0;
        if (BudgetPlan.NeedsScale(budget.Spec))
        {
            try
            {
                (scale, var unmanaged) = scales.Of(pods);
                if (unmanaged.Count > 0)
                {
                    TellUnmanaged(item, unmanaged, context);
                }
            }
            catch (ScaleUnknownException unknown)
            {
                context.Events.Warning(item, "CalculateExpectedPodCountFailed", $"Failed to calculate the number of expected pods: {unknown.Message}");
                await WriteFailureAsync(item, unknown.Message, context, cancel);
                return Outcome.WakeIn(RetryUnknown);
            }
        }

        var plan = BudgetPlan.For(budget.Spec, pods, scale, DisruptedOf(budget), context.Now);
        foreach (var pod in plan.Overdue)
        {
            context.Events.Warning(pod, "NotDeleted", $"Pod was expected by PDB {item.Key.Namespace}/{item.Header.Name} to be deleted but it wasn't");
        }

        await WriteAsync(item, plan, context, cancel);
        return plan.WakeAfter is { } wake ? Outcome.WakeIn(wake) : Outcome.Done;
    }

    private static async Task WriteAsync(KubeObject item, BudgetPlan plan, ReconcileContext context, CancellationToken cancel)
    {
        var status = new JsonObject
        {
            ["currentHealthy"] = plan.Healthy,
            ["desiredHealthy"] = plan.Desired,
            ["expectedPods"] = plan.Expected,
            ["disruptionsAllowed"] = plan.Allowed,
            ["observedGeneration"] = item.Header.Generation,
            ["disruptedPods"] = plan.Disrupted.Count == 0 ? null : new JsonObject([.. plan.Disrupted.Select(d => KeyValuePair.Create(d.Key, (JsonNode?)GoTime.Format(d.Value)))]),
            ["conditions"] = BudgetCondition.Of(item, plan.Allowed > 0, plan.Allowed > 0 ? "SufficientPods" : "InsufficientPods", "", context.Now),
        };
        if (StatusPatch.Changes(item, status))
        {
            // A merge patch keeps the members of a map that it does not name.
            foreach (var gone in (item.ToNode()["status"]?["disruptedPods"] as JsonObject ?? []).Select(p => p.Key).Where(p => !plan.Disrupted.ContainsKey(p)))
            {
                if (status["disruptedPods"] is JsonObject pods)
                {
                    pods[gone] = null;
                }
            }

            await StatusPatch.WriteAsync(item, status, context, cancel, ifUnchanged: true);
        }
    }

    /// <summary>Nothing may be evicted while it is not known how many pods there are to be.</summary>
    private static async Task WriteFailureAsync(KubeObject item, string message, ReconcileContext context, CancellationToken cancel)
    {
        var status = new JsonObject
        {
            ["disruptionsAllowed"] = 0,
            ["observedGeneration"] = item.Header.Generation,
            ["conditions"] = BudgetCondition.Of(item, false, "SyncFailed", message, context.Now),
        };
        if (StatusPatch.Changes(item, status))
        {
            await StatusPatch.WriteAsync(item, status, context, cancel, ifUnchanged: true);
        }
    }

    private static void TellUnmanaged(KubeObject item, IReadOnlyList<KubeObject> unmanaged, ReconcileContext context) => context.Events.Warning(
        item,
        "UnmanagedPods",
        $"Pods selected by this PodDisruptionBudget (selector: {SelectorOf(item)}) were found to be unmanaged. As a result, the status of the PDB cannot be calculated correctly, "
        + "which may result in undefined behavior. To account for these pods please set \".spec.minAvailable\" field of the PDB to an integer value. "
        + $"(pods: {string.Join(", ", unmanaged.Take(3).Select(p => p.Header.Name))})");

    private static Dictionary<string, DateTimeOffset> DisruptedOf(V1PodDisruptionBudget budget) =>
        (budget.Status?.DisruptedPods ?? new Dictionary<string, DateTime?>())
            .Where(p => p.Value is not null)
            .ToDictionary(p => p.Key, p => new DateTimeOffset(p.Value!.Value.ToUniversalTime()));

    private IEnumerable<ObjectKey> AffectedBy(ObjectChange change)
    {
        var (before, after) = (change.Before, change.After);
        if (before is not null && after is not null && LooksAlike(before, after))
        {
            return [];
        }

        return cache.Kind(Budgets).Snapshot.In(change.Subject.Key.Namespace)
            .Where(b => (before is not null && SelectorOf(b).Matches(before.Header.Labels)) || (after is not null && SelectorOf(b).Matches(after.Header.Labels)))
            .Select(b => b.Key);
    }

    private IEnumerable<ObjectKey> Rescaled(ObjectChange change) => change.Before is { } before && before.Header.Generation == change.After?.Header.Generation
        ? []
        : cache.Kind(Budgets).Snapshot.In(change.Subject.Key.Namespace).Select(b => b.Key);

    private static bool LooksAlike(KubeObject one, KubeObject other)
    {
        var (before, after) = (PodFacts.Of(one), PodFacts.Of(other));
        return before.IsReady == after.IsReady
            && before.IsTerminating == after.IsTerminating
            && one.Header.Controller?.Uid == other.Header.Controller?.Uid
            && one.Header.Labels.Count == other.Header.Labels.Count
            && one.Header.Labels.All(l => other.Header.Labels.GetValueOrDefault(l.Key) == l.Value);
    }

    private static LabelSelector SelectorOf(KubeObject budget) => budget.Derive(static b => LabelSelector.From(b.As<V1PodDisruptionBudget>().Spec?.Selector));
}
