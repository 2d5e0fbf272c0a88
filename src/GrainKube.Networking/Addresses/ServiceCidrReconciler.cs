using System.Net;
using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Errors;
using GrainKube.ApiMachinery.Objects;
using GrainKube.ApiMachinery.Schemas;
using GrainKube.Objects.Cache;
using GrainKube.Objects.Writes;
using k8s.Models;

namespace GrainKube.Networking.Addresses;

/// <summary>Marks ServiceCIDRs as ready, and keeps a deleted one until no address is left that only it covers.</summary>
/// <remarks>
/// No grace is needed between the two: an allocation commits only while its ServiceCIDR is unchanged, so from the revision of the deletion on nothing is taken from it any more.
/// </remarks>
internal sealed class ServiceCidrReconciler(WatchCache cache) : Reconciler<V1ServiceCIDR>
{
    public const string Finalizer = "networking.k8s.io/service-cidr-finalizer";

    public override string Name => "service-cidr";

    public override string Identity => "service-cidrs-controller";

    public override void Configure(ReconcilerWiring wiring) => wiring
        .Reconciles<V1ServiceCIDR>()
        .Watches<V1IPAddress>(change => change.After is null ? Deleting() : [])
        .Watches<V1ServiceCIDR>(_ => Deleting());

    protected override async Task<Outcome> ReconcileAsync(KubeObject item, V1ServiceCIDR view, ReconcileContext context, CancellationToken cancel)
    {
        try
        {
            if (item.Header.DeletionTimestamp is null)
            {
                await KeepAsync(item, view, context, cancel);
            }
            else if (item.Header.Finalizers.Contains(Finalizer))
            {
                await LetGoAsync(item, view, context, cancel);
            }
        }
        catch (ApiException changed) when (changed.Status.Code is 404 or 409)
        {
            // It was changed or removed meanwhile; that change wakes this key again.
        }

        return Outcome.Done;
    }

    private static async Task KeepAsync(KubeObject item, V1ServiceCIDR view, ReconcileContext context, CancellationToken cancel)
    {
        var unchanged = new Preconditions(item.Header.Uid, item.Revision);
        if (!item.Header.Finalizers.Contains(Finalizer))
        {
            var finalizers = new JsonArray([.. item.Header.Finalizers.Append(Finalizer).Select(f => (JsonNode)f)]);
            await context.Objects.PatchAsync(item.Key, new JsonObject { ["metadata"] = new JsonObject { ["finalizers"] = finalizers } }, "", unchanged, cancel);
        }
        else if (!IsReady(view, "True"))
        {
            await SayAsync(item, view, "True", "", "Kubernetes Service CIDR is ready", context, cancel);
        }
    }

    private async Task LetGoAsync(KubeObject item, V1ServiceCIDR view, ReconcileContext context, CancellationToken cancel)
    {
        await cache.WaitUntilCurrentAsync(cancel);
        if (cache.Kind(ServiceRanges.Addresses).Snapshot.All.Any(address => IsOrphanedBy(item, address)))
        {
            if (!IsReady(view, "False"))
            {
                await SayAsync(
                    item, view, "False", "Terminating", "There are still IPAddresses referencing the ServiceCIDR, please remove them or create a new ServiceCIDR", context, cancel);
            }

            return;
        }

        var left = new JsonArray([.. item.Header.Finalizers.Where(f => f != Finalizer).Select(f => (JsonNode)f)]);
        await context.Objects.PatchAsync(
            item.Key, new JsonObject { ["metadata"] = new JsonObject { ["finalizers"] = left } }, "", new Preconditions(item.Header.Uid, item.Revision), cancel);
    }

    /// <summary>The address is of this range, and no other range that stays has it.</summary>
    private bool IsOrphanedBy(KubeObject item, KubeObject address) =>
        IPAddress.TryParse(address.Header.Name, out var ip)
        && ServiceRanges.RangesOf(item).Any(r => r.Contains(ip))
        && !cache.Kind(ServiceRanges.Cidrs).Snapshot.All.Any(other => other.Header.DeletionTimestamp is null && ServiceRanges.RangesOf(other).Any(r => r.Contains(ip)));

    private static bool IsReady(V1ServiceCIDR view, string status) => view.Status?.Conditions?.Any(c => c.Type == "Ready" && c.Status == status) == true;

    private static Task<KubeObject> SayAsync(
        KubeObject item, V1ServiceCIDR view, string status, string reason, string message, ReconcileContext context, CancellationToken cancel)
    {
        var others = (item.ToNode()["status"]?["conditions"] as JsonArray ?? []).Where(c => (string?)c?["type"] != "Ready").Select(c => c!.DeepClone());
        var conditions = new JsonArray([.. others, Ready(status, reason, message, context.Now)]);
        return context.Objects.PatchAsync(
            item.Key, new JsonObject { ["status"] = new JsonObject { ["conditions"] = conditions } }, "status", new Preconditions(item.Header.Uid, item.Revision), cancel);
    }

    /// <summary>The condition, since <paramref name="now"/>.</summary>
    public static JsonObject Ready(string status, string reason, string message, DateTimeOffset now) => new()
    {
        ["lastTransitionTime"] = GoTime.Format(now),
        ["message"] = message,
        ["reason"] = reason,
        ["status"] = status,
        ["type"] = "Ready",
    };

    private IEnumerable<ObjectKey> Deleting() =>
        cache.TryKind(ServiceRanges.Cidrs)?.Snapshot.All.Where(item => item.Header.DeletionTimestamp is not null).Select(item => item.Key) ?? [];
}
