using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Objects;
using GrainKube.Controllers.Deployments;
using GrainKube.Controllers.PodTemplates;
using k8s.Models;

namespace GrainKube.Controllers.DaemonSets;

/// <summary>Takes one step of one daemon set: first every node has its pod, then old pods give way to new ones.</summary>
internal sealed class DaemonSetStep
{
    /// <summary>No more pods than this are created, or deleted, in one go.</summary>
    private const int Burst = 250;

    private readonly KubeObject item;
    private readonly JsonNode node;
    private readonly V1DaemonSet set;
    private readonly string hash;
    private readonly FailedPodBackoff backoff;
    private readonly ReconcileContext context;
    private readonly IReadOnlyList<V1Toleration> tolerations;
    private readonly IReadOnlyList<NodeVerdict> nodes;
    private readonly ILookup<string, DaemonPod> pods;

    public DaemonSetStep(
        KubeObject item, JsonNode node, V1DaemonSet set, string hash, IReadOnlyList<KubeObject> claimed, FailedPodBackoff backoff, ReconcileContext context)
    {
        (this.item, this.node, this.set, this.hash, this.backoff, this.context) = (item, node, set, hash, backoff, context);
        var template = set.Spec.Template.Spec;
        tolerations = DaemonTolerations.Of(template);
        nodes = [.. context.Objects.List<V1Node>().Select(n => NodeVerdict.On(n, template, tolerations))];
        var all = claimed.Select(p => new DaemonPod(p, hash, set.Spec.MinReadySeconds ?? 0, context.Now)).ToList();

        // One that has ended and is going already is only waiting to be cleared away.
        pods = all.Where(p => p is not { IsFinished: true, IsTerminating: true }).ToLookup(p => p.Node);
        WakeAfter = all.Select(p => p.AvailableIn).Where(w => w is not null).Min();
    }

    /// <summary>What there was before the step.</summary>
    public DaemonSetCounts Counts => DaemonSetCounts.Of(nodes, pods);

    /// <summary>When time alone changes something.</summary>
    public TimeSpan? WakeAfter { get; private set; }

    public async Task TakeAsync(CancellationToken cancel)
    {
        var update = set.Spec.UpdateStrategy?.Type == "OnDelete" ? null : set.Spec.UpdateStrategy?.RollingUpdate ?? new V1RollingUpdateDaemonSet();
        var desired = nodes.Count(n => n.ShouldRun);
        var surge = update is null ? 0 : IntOrPercent.Resolve(update.MaxSurge, desired, roundUp: true, "0");
        var unavailable = update is null ? 0 : IntOrPercent.Resolve(update.MaxUnavailable, desired, roundUp: true, "1");
        var plan = DaemonSetPlan.For(nodes, pods, update is not null && IntOrPercent.Resolve(update.MaxSurge, 1, roundUp: true, "0") > 0);
        DaemonPod[] delete = [.. plan.Delete, .. Replaceable(plan.Failed), .. Ended(plan.Succeeded)];
        await ActAsync(plan.Create, delete, cancel);
        if (update is not null && plan.Create.Count + delete.Length == 0)
        {
            var rollout = DaemonRollout.For(nodes, pods, surge, surge == 0 && unavailable == 0 ? 1 : unavailable);
            await ActAsync(rollout.Create, rollout.Delete, cancel);
        }
    }

    private async Task ActAsync(IReadOnlyList<string> create, IReadOnlyList<DaemonPod> delete, CancellationToken cancel)
    {
        await PodsFromTemplate.DeleteAsync(item, [.. delete.Take(Burst).Select(p => p.Item)], context, cancel);
        await PodsFromTemplate.CreateAsync(item, [.. create.Take(Burst).Select(n => DaemonPodTemplate.Pod(item, node, tolerations, hash, n))], context, cancel);
    }

    private IEnumerable<DaemonPod> Replaceable(IEnumerable<DaemonPod> failed)
    {
        foreach (var pod in failed)
        {
            if (backoff.Take(item.Header.Uid, pod.Node, context.Now) is { } wait)
            {
                WakeAfter = WakeAfter is { } sooner && sooner < wait ? sooner : wait;
                continue;
            }

            context.Events.Warning(item, "FailedDaemonPod", $"Found failed daemon pod {pod.Item.Key.Namespace}/{pod.Item.Header.Name} on node {pod.Node}, will try to kill it");
            yield return pod;
        }
    }

    private IEnumerable<DaemonPod> Ended(IEnumerable<DaemonPod> succeeded)
    {
        foreach (var pod in succeeded)
        {
            context.Events.Normal(item, "SucceededDaemonPod", $"Found succeeded daemon pod {pod.Item.Key.Namespace}/{pod.Item.Header.Name} on node {pod.Node}, will try to delete it");
            yield return pod;
        }
    }
}
