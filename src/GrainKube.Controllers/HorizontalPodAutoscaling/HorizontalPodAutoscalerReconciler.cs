using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Definitions;
using GrainKube.ApiMachinery.Errors;
using GrainKube.ApiMachinery.Objects;
using GrainKube.ApiMachinery.Quantities;
using GrainKube.ApiMachinery.Schemas;
using GrainKube.Controllers.Statuses;
using GrainKube.Objects.Nodes;
using GrainKube.Objects.Writes;
using k8s.Models;

namespace GrainKube.Controllers.HorizontalPodAutoscaling;

/// <summary>Looks every 15 seconds at what the pods of a target use, and sets the target's replicas so that they come to what is wanted.</summary>
internal sealed class HorizontalPodAutoscalerReconciler(ResourceRegistry registry, ClusterUsage usage) : Reconciler<V2HorizontalPodAutoscaler>
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(15);
    
    // Only hints: what moves to another silo begins anew.
    private readonly ConcurrentDictionary<ObjectKey, ScaleHistory> histories = new();

    public override string Name => "horizontalpodautoscaling";

    public override string Identity => "horizontal-pod-autoscaler";

    protected override async Task<Outcome> ReconcileAsync(KubeObject item, V2HorizontalPodAutoscaler view, ReconcileContext context, CancellationToken cancel)
    {
        var history = histories.GetOrAdd(item.Key, _ => new ScaleHistory());
        // Its own status is no reason to look again before the time.
        if (history.NextLook is { } next && next > context.Now && history.Looked == Spec(item))
        {
            return Outcome.WakeIn(next - context.Now);
        }

        (history.NextLook, history.Looked) = (context.Now + Period, Spec(item));
        var work = new Autoscaling(item, view, context);
        await RunAsync(work, history, cancel);
        if (StatusPatch.Changes(item, work.Fields))
        {
            await StatusPatch.WriteAsync(item, work.Fields, context, cancel);
        }

        return Outcome.WakeIn(Period);
    }

    protected override Task<Outcome> GoneAsync(ObjectKey key, ReconcileContext context, CancellationToken cancel)
    {
        histories.TryRemove(key, out _);
        return Task.FromResult(Outcome.Done);
    }

    private async Task RunAsync(Autoscaling work, ScaleHistory history, CancellationToken cancel)
    {
        ScaleTarget target;
        try
        {
            target = ScaleTarget.Find(work.Spec.ScaleTargetRef, work.Item.Key.Namespace, registry, work.Context.Objects.Get);
        }
        catch (MetricException absent)
        {
            work.Warn("FailedGetScale", absent.Message);
            work.Set("AbleToScale", false, "FailedGetScale", $"the HPA controller was unable to get the target's current scale: {absent.Message}");
            return;
        }

        work.Set("AbleToScale", true, "SucceededGetScale", "the HPA controller was able to get the target's current scale");
        work.Fields["currentReplicas"] = target.Replicas;
        history.Begin(target.Replicas, work.Context.Now);
        var (wanted, why) = await WantedAsync(work, target, history, cancel);
        if (wanted is { } replicas && replicas != target.Replicas)
        {
            await ScaleAsync(work, target, replicas, why, history, cancel);
        }

        work.Fields["desiredReplicas"] = wanted ?? (int?)work.Item.ToNode()["status"]?["desiredReplicas"] ?? 0;
    }

    /// <returns>The replicas that the target is to have, null where they cannot be told, and why they change.</returns>
    private async Task<(int? Replicas, string Why)> WantedAsync(Autoscaling work, ScaleTarget target, ScaleHistory history, CancellationToken cancel)
    {
        var least = work.Spec.MinReplicas ?? 1;
        if (target.Replicas == 0 && least != 0)
        {
            work.Set("ScalingActive", false, "ScalingDisabled", "scaling is disabled since the replica count of the target is zero");
            return (0, "");
        }

        if (target.Replicas > work.Spec.MaxReplicas)
        {
            return (work.Spec.MaxReplicas, "Current number of replicas above Spec.MaxReplicas");
        }

        if (target.Replicas < least)
        {
            return (least, "Current number of replicas below Spec.MinReplicas");
        }

        if (await ProposeAsync(work, target, cancel) is not { } proposal)
        {
            return (null, "");
        }

        var decision = ScaleDecision.For(work.Spec, target.Replicas, proposal.Replicas, history, work.Context.Now);
        work.Set("AbleToScale", true, decision.Able.Reason, decision.Able.Message);
        work.Set("ScalingLimited", decision.IsLimited, decision.Limited.Reason, decision.Limited.Message);
        return (decision.Replicas, proposal.Replicas > target.Replicas ? $"{proposal.Metric} above target" : "All metrics below target");
    }

    private async Task<MetricProposal?> ProposeAsync(Autoscaling work, ScaleTarget target, CancellationToken cancel)
    {
        if (target.Selector.Length == 0)
        {
            work.Warn("SelectorRequired", "selector is required");
            work.Set("ScalingActive", false, "InvalidSelector", "the HPA target's scale is missing a selector");
            return null;
        }

        var selector = target.Selects;
        var pods = work.Context.Objects.List<V1Pod>(work.Item.Key.Namespace).Where(p => selector.Matches(p.Header.Labels)).ToList();
        var meter = await PodMeter.ReadAsync(pods, usage, work.Context.Now, cancel);
        var metrics = work.Spec.Metrics ?? [];
        var (proposals, failures) = (new List<MetricProposal>(), new List<(string Reason, string Message)>());
        foreach (var metric in metrics)
        {
            try
            {
                proposals.Add(MetricProposal.For(metric, target, meter.Measure, ToleranceOf(work.Spec)));
            }
            catch (MetricException cannot)
            {
                failures.Add((MetricProposal.FailureOf(metric.Type), cannot.Message));
                work.Warn(failures[^1].Reason, cannot.Message);
            }
        }

        work.Fields["currentMetrics"] = proposals.Count == 0 ? null : new JsonArray([.. proposals.Select(p => p.Status)]);
        var most = proposals.MaxBy(p => p.Replicas);
        if (failures.Count > 0 && (most is null || most.Replicas < target.Replicas))
        {
            work.Set("ScalingActive", false, failures[0].Reason, $"the HPA was unable to compute the replica count: {failures[0].Message}");
            work.Warn("FailedComputeMetricsReplicas", string.Create(
                CultureInfo.InvariantCulture, $"invalid metrics ({failures.Count} invalid out of {metrics.Count}), first error is: {failures[0].Message}"));
            return null;
        }

        if (most is not null)
        {
            work.Set("ScalingActive", true, "ValidMetricFound", $"the HPA was able to successfully calculate a replica count from {most.Metric}");
        }

        return most;
    }

    private static async Task ScaleAsync(Autoscaling work, ScaleTarget target, int replicas, string why, ScaleHistory history, CancellationToken cancel)
    {
        try
        {
            await work.Context.Objects.PatchAsync(
                target.Object.Key, new JsonObject { ["spec"] = new JsonObject { ["replicas"] = replicas } }, "scale", new Preconditions(target.Object.Header.Uid), cancel);
        }
        catch (ApiException refused)
        {
            work.Warn("FailedRescale", string.Create(CultureInfo.InvariantCulture, $"New size: {replicas}; reason: {why}; error: {refused.Message}"));
            work.Set("AbleToScale", false, "FailedUpdateScale", $"the HPA controller was unable to update the target scale: {refused.Message}");
            return;
        }

        work.Set("AbleToScale", true, "SucceededRescale", string.Create(CultureInfo.InvariantCulture, $"the HPA controller was able to update the target scale to {replicas}"));
        work.Context.Events.Normal(work.Item, "SuccessfulRescale", string.Create(CultureInfo.InvariantCulture, $"New size: {replicas}; reason: {why}"));
        history.Changed(replicas - target.Replicas, work.Context.Now);
        work.Fields["lastScaleTime"] = GoTime.Format(work.Context.Now);
    }

    private static Tolerance ToleranceOf(V2HorizontalPodAutoscalerSpec spec) => new(
        Of(spec.Behavior?.ScaleDown?.Tolerance, Tolerance.Default.Down), Of(spec.Behavior?.ScaleUp?.Tolerance, Tolerance.Default.Up));

    private static double Of(ResourceQuantity? tolerance, double otherwise) => tolerance is null ? otherwise : tolerance.ToQuantity().MilliValue / 1000.0;

    /// <summary>What a user may change; the status is ours.</summary>
    private static string Spec(KubeObject item) => item.ToNode()["spec"]!.ToJsonString();
}
