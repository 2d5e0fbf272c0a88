using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Errors;
using GrainKube.ApiMachinery.Objects;
using GrainKube.Networking.Addresses;
using GrainKube.Objects.Cache;
using GrainKube.Objects.Client;
using GrainKube.Objects.Writes;
using k8s.Models;

namespace GrainKube.Networking.ApiService;

/// <summary>
/// Keeps the Service <c>kubernetes</c> there, and its endpoints equal to the gateways whose silos live. Nothing is written while nothing changes; a dead silo's gateway goes with its
/// membership.
/// </summary>
internal sealed class ApiServiceReconciler(ApiServiceSetup setup, WatchCache cache, IClusterMembershipService membership) : IReconciler
{
    /// <summary>How long a silo that this one's membership does not know may be newer than that.</summary>
    private static readonly TimeSpan Newcomer = TimeSpan.FromSeconds(15);
    private static readonly GroupResource SliceKind = new("discovery.k8s.io", "endpointslices");
    private static readonly ObjectKey Service = new("", "services", ApiServiceObjects.Namespace, ApiServiceObjects.Name);
    private static readonly ObjectKey Endpoints = new("", "endpoints", ApiServiceObjects.Namespace, ApiServiceObjects.Name);

    public string Name => "kubernetes-service";

    public string Identity => "kubernetes-service-controller";

    public int Slices => 1;

    public void Configure(ReconcilerWiring wiring) => wiring
        .Watches<V1Service>(change => change.Subject.Key == Service ? [Service] : [])
        .Watches<V1Endpoints>(change => change.Subject.Key == Endpoints ? [Service] : [])
        .Watches<V1EndpointSlice>(change => IsOurs(change.Subject) ? [Service] : [])
        .Watches<V1Lease>(change => GatewayLease.Is(change.Subject) ? [Service] : [])
        .Watches<V1ServiceCIDR>(change => change.After is null && change.Subject.Header.Name == ServiceRanges.DefaultName ? [Service] : [])
        .StartingWith(() => [Service])
        .AndMembership();

    public async Task<Outcome> ReconcileAsync(ObjectKey key, ReconcileContext context, CancellationToken cancel)
    {
        await cache.WaitUntilCurrentAsync(cancel);
        var (live, unsure) = await GatewaysAsync(context, cancel);
        try
        {
            await setup.EnsureAsync(context.Objects, live.Count > 0 ? live.Min.Port : null, cancel);
            if (live.Count > 0)
            {
                await WriteEndpointsAsync(live, context.Objects, cancel);
                await WriteSlicesAsync(live, context.Objects, cancel);
            }
        }
        catch (ApiException changed) when (changed.Status.Code is 404 or 409)
        {
            return Outcome.WakeIn(TimeSpan.FromMilliseconds(100));
        }

        return unsure ? Outcome.WakeIn(Newcomer) : Outcome.Done;
    }

    /// <summary>The gateways of living silos. The Lease of a dead one goes: it would be taken for alive by nobody, but be in the way of readers.</summary>
    private async Task<(SortedSet<GatewayAddress> Live, bool Unsure)> GatewaysAsync(ReconcileContext context, CancellationToken cancel)
    {
        var members = membership.CurrentSnapshot.Members.ToDictionary(m => m.Key.ToParsableString(), m => m.Value.Status, StringComparer.Ordinal);
        var (live, unsure) = (new SortedSet<GatewayAddress>(), false);
        foreach (var lease in cache.Kind(GatewayLease.Leases).Snapshot.In(GatewayLease.Namespace).Where(GatewayLease.Is).Select(GatewayLease.Read).OfType<GatewayLease>())
        {
            var known = members.TryGetValue(lease.Silo, out var status);
            if (known ? status is SiloStatus.Active or SiloStatus.Joining or SiloStatus.Created : context.Now - lease.Since < Newcomer)
            {
                unsure |= !known;
                if (!lease.Gateway.IsLoopback)
                {
                    live.Add(lease.Gateway);
                }
            }
            else if (cache.Get(lease.Key) is { } item)
            {
                try
                {
                    await context.Objects.DeleteAsync(lease.Key, new Preconditions(item.Header.Uid, item.Revision), cancel);
                }
                catch (ApiException changed) when (changed.Status.Code == 409)
                {
                    // It has just been started again.
                }
            }
        }

        return (live, unsure);
    }

    private static async Task WriteEndpointsAsync(IReadOnlyCollection<GatewayAddress> gateways, ObjectClient objects, CancellationToken cancel)
    {
        var wanted = ApiServiceObjects.Endpoints(gateways);
        if (objects.Get(Endpoints) is not { } item)
        {
            await objects.CreateAsync(wanted, cancel);
        }
        else if (!ApiServiceObjects.Read(item.As<V1Endpoints>()).Order().SequenceEqual(gateways) || !item.Header.Labels.ContainsKey("endpointslice.kubernetes.io/skip-mirror"))
        {
            await objects.PatchAsync(Endpoints, Part(wanted, "subsets"), "", new Preconditions(item.Header.Uid), cancel);
        }
    }

    private async Task WriteSlicesAsync(IReadOnlyCollection<GatewayAddress> gateways, ObjectClient objects, CancellationToken cancel)
    {
        var kept = new HashSet<string>(StringComparer.Ordinal);
        foreach (var wanted in ApiServiceObjects.Slices(gateways))
        {
            var key = new ObjectKey(SliceKind.Group, SliceKind.Resource, ApiServiceObjects.Namespace, (string)wanted["metadata"]!["name"]!);
            kept.Add(key.Name);
            var item = objects.Get(key);
            if (item is not null && item.As<V1EndpointSlice>().AddressType != (string?)wanted["addressType"])
            {
                await objects.DeleteAsync(key, new Preconditions(item.Header.Uid), cancel); // the family of a slice never changes
                item = null;
            }

            if (item is null)
            {
                await objects.CreateAsync(wanted, cancel);
            }
            else if (!Same(item, wanted) || !IsOurs(item))
            {
                await objects.PatchAsync(key, Part(wanted, "endpoints", "ports"), "", new Preconditions(item.Header.Uid), cancel);
            }
        }

        foreach (var item in cache.Kind(SliceKind).Snapshot.In(ApiServiceObjects.Namespace).Where(s => IsOurs(s) && !kept.Contains(s.Header.Name)).ToList())
        {
            await objects.DeleteAsync(item.Key, new Preconditions(item.Header.Uid), cancel);
        }
    }

    private static bool Same(KubeObject item, JsonObject wanted) =>
        ApiServiceObjects.Read(item.As<V1EndpointSlice>()).Order().SequenceEqual(
            from endpoint in wanted["endpoints"]!.AsArray() select new GatewayAddress((string)endpoint!["addresses"]![0]!, (int)wanted["ports"]![0]!["port"]!));

    private static JsonObject Part(JsonObject wanted, params ReadOnlySpan<string> fields)
    {
        var patch = new JsonObject { ["metadata"] = new JsonObject { ["labels"] = wanted["metadata"]!["labels"]!.DeepClone() } };
        foreach (var field in fields)
        {
            patch[field] = wanted[field]!.DeepClone();
        }

        return patch;
    }

    /// <summary>A slice of the service <c>kubernetes</c> that no other controller manages.</summary>
    private static bool IsOurs(KubeObject slice) =>
        slice.Key.Namespace == ApiServiceObjects.Namespace
        && (slice.Header.Name == ApiServiceObjects.Name
            || (slice.Header.Labels.TryGetValue("kubernetes.io/service-name", out var service) && service == ApiServiceObjects.Name
                && !slice.Header.Labels.ContainsKey("endpointslice.kubernetes.io/managed-by")));
}
