using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Definitions;
using GrainKube.ApiMachinery.Errors;
using GrainKube.ApiMachinery.Objects;
using GrainKube.Controllers.Ownership;
using GrainKube.Controllers.PodTemplates;
using GrainKube.Controllers.Statuses;
using GrainKube.Objects.Cache;
using k8s.Models;

namespace GrainKube.Controllers.ReplicaSets;

/// <summary>Keeps as many pods as an object asks for, whatever its kind calls itself.</summary>
internal abstract class ReplicasReconciler<T>(WatchCache cache, ResourceRegistry registry) : Reconciler<T> where T : class
{
    /// <summary>The status of the kind counts pods on their way out.</summary>
    protected abstract bool CountsTerminating { get; }

    public override void Configure(ReconcilerWiring wiring) => wiring.Reconciles<T>().Owns<V1Pod>().Watches<V1Pod>(Orphans.Wake<T>(cache, registry));

    /// <summary>What the object asks for.</summary>
    protected abstract ReplicaWish WishOf(T view);

    protected override async Task<Outcome> ReconcileAsync(KubeObject item, T view, ReconcileContext context, CancellationToken cancel)
    {
        var wish = WishOf(view);
        var pods = await Claims.ClaimAsync<V1Pod>(item, wish.Selector.Matches, context, cancel);
        var plan = ReplicaSetPlan.For(wish.Replicas, wish.MinReadySeconds, wish.TemplateLabels, pods, context.Now);
        ApiException? refusal = null;
        if (item.Header.DeletionTimestamp is null)
        {
            refusal = await ScaleAsync(item, plan, context, cancel);
        }

        await WriteStatusAsync(item, plan, refusal, context, cancel);
        if (refusal is not null)
        {
            throw refusal;
        }

        return plan.WakeAfter is { } wake ? Outcome.WakeIn(wake) : Outcome.Done;
    }

    private static async Task<ApiException?> ScaleAsync(KubeObject item, ReplicaSetPlan plan, ReconcileContext context, CancellationToken cancel)
    {
        try
        {
            if (plan.Create > 0)
            {
                await PodsFromTemplate.CreateAsync(item, item.ToNode()["spec"]!["template"]!, plan.Create, context, cancel);
            }

            await PodsFromTemplate.DeleteAsync(item, plan.Delete, context, cancel);
            return null;
        }
        catch (ApiException refused)
        {
            return refused;
        }
    }

    private async Task WriteStatusAsync(
        KubeObject item, ReplicaSetPlan plan, ApiException? refusal, ReconcileContext context, CancellationToken cancel)
    {
        var counts = plan.Status;
        var conditions = Conditions.Of(item);
        if (refusal is null)
        {
            conditions.Remove("ReplicaFailure");
        }
        else if (conditions["ReplicaFailure"] is null)
        {
            conditions.Set("ReplicaFailure", true, plan.Create > 0 ? "FailedCreate" : "FailedDelete", refusal.Message, context.Now);
        }

        var status = new JsonObject
        {
            ["replicas"] = counts.Replicas,
            ["fullyLabeledReplicas"] = StatusPatch.Count(counts.FullyLabeled),
            ["readyReplicas"] = StatusPatch.Count(counts.Ready),
            ["availableReplicas"] = StatusPatch.Count(counts.Available),
            ["observedGeneration"] = item.Header.Generation,
            ["conditions"] = conditions.ToJsonOrNull(),
        };
        if (CountsTerminating)
        {
            status["terminatingReplicas"] = counts.Terminating;
        }

        if (StatusPatch.Changes(item, status))
        {
            await StatusPatch.WriteAsync(item, status, context, cancel);
        }
    }
}
