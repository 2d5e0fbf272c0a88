using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Errors;
using GrainKube.ApiMachinery.Objects;
using GrainKube.Controllers.Statuses;
using GrainKube.Objects.Cache;
using GrainKube.Objects.Nodes;
using GrainKube.Objects.Writes;
using GrainKube.Resources.Core.Pods;
using k8s.Models;

namespace GrainKube.Controllers.NodeLifecycle;

/// <summary>Notices nodes whose kubelet is gone, keeps their taints in step with their conditions, and tells their pods that they are not ready.</summary>
internal sealed class NodeLifecycleReconciler(WatchCache cache, IClusterMembershipService membership) : Reconciler<V1Node>
{
    private const string LeaseNamespace = "kube-node-lease";
    private static readonly GroupResource Pods = new("", "pods");
    private static readonly string[] Watched = ["Ready", "MemoryPressure", "DiskPressure", "PIDPressure"];

    public override string Name => "nodelifecycle";

    public override string Identity => "node-controller";

    public override void Configure(ReconcilerWiring wiring) => wiring.Reconciles<V1Node>().AndMembership().Watches<V1Lease>(change =>
        change.Subject.Key.Namespace == LeaseNamespace && cache.Get(NodeKey(change.Subject.Header.Name)) is { } node && !IsReady(node) ? [node.Key] : [])
        .Watches<V1Pod>(change => change.After is { } pod && PodFacts.Of(pod) is { IsReady: true, NodeName: { Length: > 0 } on } && cache.Get(NodeKey(on)) is { } node && !IsReady(node) ? [node.Key] : []);

    protected override async Task<Outcome> ReconcileAsync(KubeObject item, V1Node view, ReconcileContext context, CancellationToken cancel)
    {
        var lease = context.Objects.Get<V1Lease>(LeaseNamespace, item.Header.Name)?.Spec;
        var health = NodeHealth.Of(
            IsMember(NodeSilo.Of(item.Header.Name)),
            lease?.RenewTime is { } renewed ? (new DateTimeOffset(renewed), TimeSpan.FromSeconds(lease.LeaseDurationSeconds ?? 40)) : null,
            view.Status?.Conditions?.FirstOrDefault(c => c.Type == "Ready")?.LastHeartbeatTime is { } heartbeat ? new DateTimeOffset(heartbeat) : null,
            item.Header.CreationTimestamp ?? context.Now,
            context.Now);
        if (health.Sign != KubeletSign.Alive && await MarkUnknownAsync(item, health.Sign, context, cancel))
        {
            return Outcome.Done;
        }

        if (NodeTaints.Of(view, context.Now) is { } taints)
        {
            await PatchAsync(item, new JsonObject { ["spec"] = new JsonObject { ["taints"] = taints.Count == 0 ? null : taints } }, context, cancel);
        }

        if (view.Status?.Conditions?.Any(c => c.Type == "Ready" && c.Status != "True") == true)
        {
            await MarkPodsAsync(item, context, cancel);
        }

        return health.RecheckIn is { } recheck ? Outcome.WakeIn(recheck) : Outcome.Done;
    }

    // Membership is asked by name; a silo that came back under its name is alive whatever became of its earlier lives.
    private bool? IsMember(string silo)
    {
        bool? known = null;
        foreach (var member in membership.CurrentSnapshot.Members.Values)
        {
            if (member.Name == silo)
            {
                known = known == true || member.Status is SiloStatus.Active or SiloStatus.Joining or SiloStatus.ShuttingDown;
            }
        }

        return known;
    }

    /// <returns>True where something was written: the change comes back and the rest is done then.</returns>
    private static async Task<bool> MarkUnknownAsync(KubeObject item, KubeletSign sign, ReconcileContext context, CancellationToken cancel)
    {
        var (reason, message) = sign == KubeletSign.NeverSeen
            ? ("NodeStatusNeverUpdated", "Kubelet never posted node status.")
            : ("NodeStatusUnknown", "Kubelet stopped posting node status.");
        var wasReady = IsReady(item);
        var conditions = Conditions.Of(item);
        foreach (var type in Watched)
        {
            if ((string?)conditions[type]?["status"] != "Unknown")
            {
                conditions.Set(type, null, reason, message, context.Now);
            }
        }

        var fields = new JsonObject { ["conditions"] = conditions.ToJsonOrNull() };
        if (!StatusPatch.Changes(item, fields))
        {
            return false;
        }

        await StatusPatch.WriteAsync(item, fields, context, cancel, ifUnchanged: true);
        if (wasReady)
        {
            context.Events.Normal(item, "NodeNotReady", $"Node {item.Header.Name} status is now: NodeNotReady");
        }

        return true;
    }

    private async Task MarkPodsAsync(KubeObject node, ReconcileContext context, CancellationToken cancel)
    {
        foreach (var pod in cache.Kind(Pods).WithField("spec.nodeName", node.Header.Name))
        {
            if (!PodFacts.Of(pod).IsReady)
            {
                continue;
            }

            await StatusPatch.WriteSharedAsync(pod, p => PodFacts.Of(p).IsReady ? NotReady(p, context.Now) : null, context, cancel);
            context.Events.Warning(pod, "NodeNotReady", "Node is not ready");
        }
    }

    // Only status and time: what the kubelet last said of the reason stays.
    private static JsonObject NotReady(KubeObject pod, DateTimeOffset now)
    {
        var conditions = Conditions.Of(pod);
        var ready = conditions["Ready"]!;
        conditions.Set("Ready", false, (string?)ready["reason"] ?? "", (string?)ready["message"] ?? "", now);
        return new JsonObject { ["conditions"] = conditions.ToJsonOrNull() };
    }

    private static async Task PatchAsync(KubeObject item, JsonObject patch, ReconcileContext context, CancellationToken cancel)
    {
        try
        {
            await context.Objects.PatchAsync(item.Key, patch, "", new Preconditions(item.Header.Uid, item.Revision), cancel);
        }
        catch (ApiException changed) when (changed.Status.Code is 404 or 409)
        {
            // Its change wakes us again.
        }
    }

    private static bool IsReady(KubeObject node) => node.As<V1Node>().Status?.Conditions?.Any(c => c.Type == "Ready" && c.Status == "True") == true;

    private static ObjectKey NodeKey(string name) => new("", "nodes", "", name);
}
