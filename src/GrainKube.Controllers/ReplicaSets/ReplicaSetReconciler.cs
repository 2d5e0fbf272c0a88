using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Definitions;
using GrainKube.ApiMachinery.Errors;
using GrainKube.ApiMachinery.Objects;
using GrainKube.ApiMachinery.Selectors;
using GrainKube.Controllers.Ownership;
using GrainKube.Controllers.PodTemplates;
using GrainKube.Controllers.Statuses;
using GrainKube.Objects.Cache;
using k8s.Models;

namespace GrainKube.Controllers.ReplicaSets;

/// <summary>Keeps as many pods as a ReplicaSet asks for.</summary>
internal sealed class ReplicaSetReconciler(WatchCache cache, ResourceRegistry registry) : Reconciler<V1ReplicaSet>
{
    public override string Name => "replicaset";

    public override int Slices => 8;

    public override void Configure(ReconcilerWiring wiring) => 
        wiring.Reconciles<V1ReplicaSet>().Owns<V1Pod>().Watches<V1Pod>(Orphans.Wake<V1ReplicaSet>(cache, registry));

    protected override async Task<Outcome> ReconcileAsync(KubeObject item, V1ReplicaSet set, ReconcileContext context, CancellationToken cancel)
    {
        var selector = LabelSelector.From(set.Spec.Selector);
        var pods = await Claims.ClaimAsync<V1Pod>(item, selector.Matches, context, cancel);
        var labels = set.Spec.Template?.Metadata?.Labels?.AsReadOnly() ?? (IReadOnlyDictionary<string, string>)new Dictionary<string, string>();
        var plan = ReplicaSetPlan.For(set.Spec.Replicas ?? 1, set.Spec.MinReadySeconds ?? 0, labels, pods, context.Now);
        ApiException? refusal = null;
        if (item.Header.DeletionTimestamp is null)
        {
            refusal = await ScaleAsync(item, plan, context, cancel);
        }

        await WriteStatusAsync(item, set, plan, refusal, context, cancel);
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

    private static async Task WriteStatusAsync(
        KubeObject item, V1ReplicaSet set, ReplicaSetPlan plan, ApiException? refusal, ReconcileContext context, CancellationToken cancel)
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
            ["terminatingReplicas"] = counts.Terminating,
            ["observedGeneration"] = item.Header.Generation,
            ["conditions"] = conditions.ToJsonOrNull(),
        };
        if (StatusPatch.Changes(item, status))
        {
            await StatusPatch.WriteAsync(item, status, context, cancel);
        }
    }
}
