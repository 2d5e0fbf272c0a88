using System.Collections.Concurrent;
using GrainKube.ApiMachinery.Errors;
using GrainKube.ApiMachinery.Objects;
using GrainKube.Controllers.Statuses;
using GrainKube.Objects.Cache;
using GrainKube.Objects.Writes;
using GrainKube.Resources.Core.Pods;
using k8s.Models;
using Microsoft.Extensions.Options;

namespace GrainKube.Controllers.PodGarbageCollection;

/// <summary>
/// Removes pods that no kubelet will: those of nodes that are gone (after a quarantine), those that were deleted before they were bound, and those that end on a node which is not ready and of which
/// somebody says by a taint that it will not come back as it was. Keys are pods.
/// </summary>
internal sealed class PodGarbageCollector(WatchCache cache, IOptions<PodGarbageCollectionOptions> options) : Reconciler<V1Pod>
{
    private static readonly GroupResource Pods = new("", "pods");
    private static readonly GroupResource Nodes = new("", "nodes");
    private const string OutOfService = "node.kubernetes.io/out-of-service";
    private readonly ConcurrentDictionary<ObjectKey, DateTimeOffset> noticed = new();

    public override string Name => "podgc";

    public override string Identity => "pod-garbage-collector";

    public override void Configure(ReconcilerWiring wiring) => wiring
        .On(Pods, change => change.After is { } pod && (IsLeftBehind(pod) || IsOrphan(pod)) ? [pod.Key] : [])
        .On(Nodes, change => change.After is null || IsOutOfService(change.After) ? cache.Kind(Pods).WithField("spec.nodeName", change.Subject.Header.Name).Select(p => p.Key) : [])
        .StartingWith(() => cache.Kind(Pods).Snapshot.All.Where(p => IsLeftBehind(p) || IsOrphan(p)).Select(p => p.Key));

    protected override async Task<Outcome> ReconcileAsync(KubeObject item, V1Pod view, ReconcileContext context, CancellationToken cancel)
    {
        if (IsLeftBehind(item))
        {
            await FailAsync(item, lostNode: false, context, cancel);
            await DeleteAsync(item, context, cancel);
            return Outcome.Done;
        }

        if (!IsOrphan(item))
        {
            noticed.TryRemove(item.Key, out _);
            return Outcome.Done;
        }

        // When the quarantine began is only a hint: a slice that moves begins it anew.
        var since = noticed.GetOrAdd(item.Key, context.Now);
        var quarantine = options.Value.Quarantine;
        if (context.Now - since < quarantine)
        {
            return Outcome.WakeIn(quarantine - (context.Now - since));
        }

        noticed.TryRemove(item.Key, out _);
        await cache.WaitUntilCurrentAsync(cancel);
        if (IsOrphan(item))
        {
            await FailAsync(item, lostNode: true, context, cancel);
            await DeleteAsync(item, context, cancel);
        }

        return Outcome.Done;
    }

    protected override Task<Outcome> GoneAsync(ObjectKey key, ReconcileContext context, CancellationToken cancel)
    {
        noticed.TryRemove(key, out _);
        return Task.FromResult(Outcome.Done);
    }

    private bool IsOrphan(KubeObject pod) => PodFacts.Of(pod).NodeName is { Length: > 0 } node && cache.Kind(Nodes).Get("", node) is null;

    /// <summary>It was deleted, and there is nobody who could end it.</summary>
    private bool IsLeftBehind(KubeObject pod) => pod.Header.DeletionTimestamp is not null
        && (PodFacts.Of(pod).NodeName is not { Length: > 0 } node || (cache.Kind(Nodes).Get("", node) is { } there && IsOutOfService(there)));

    private static bool IsOutOfService(KubeObject node) => node.As<V1Node>() is var view
        && view.Spec?.Taints?.Any(t => t.Key == OutOfService) == true && view.Status?.Conditions?.Any(c => c is { Type: "Ready", Status: "True" }) != true;

    private static Task FailAsync(KubeObject item, bool lostNode, ReconcileContext context, CancellationToken cancel) => StatusPatch.WriteSharedAsync(
        item,
        pod =>
        {
            if (PodFacts.Of(pod).IsFinished)
            {
                return null;
            }

            var fields = lostNode ? Conditions.With(pod, "DisruptionTarget", true, "DeletionByPodGC", "PodGC: node no longer exists", context.Now) : [];
            fields["phase"] = "Failed";
            return fields;
        },
        context,
        cancel);

    private static async Task DeleteAsync(KubeObject item, ReconcileContext context, CancellationToken cancel)
    {
        try
        {
            await context.Objects.DeleteAsync(item.Key, new Preconditions(item.Header.Uid), cancel, gracePeriodSeconds: 0);
        }
        catch (ApiException gone) when (gone.Status.Code is 404 or 409)
        {
        }
    }
}
