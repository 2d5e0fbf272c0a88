using System.Net;
using GrainKube.ApiMachinery.Errors;
using GrainKube.ApiMachinery.Objects;
using GrainKube.Objects.Cache;
using GrainKube.Objects.Writes;
using k8s.Models;

namespace GrainKube.Networking.Addresses;

/// <summary>
/// Puts right what people did to IPAddress objects by hand: makes the one that a Service has lost, and removes those of ours whose Service does not have the address. Keys are IPAddresses.
/// </summary>
internal sealed class ServiceAddressRepair(WatchCache cache) : IReconciler
{
    private static readonly GroupResource Services = new("", "services");

    public string Name => "service-address-repair";

    public string Identity => "service-controller";

    public int Slices => 1;

    public void Configure(ReconcilerWiring wiring) => wiring
        .Reconciles<V1IPAddress>()
        .Watches<V1Service>(change => AddressesOf(change.After).Where(a => cache.Get(a) is null))
        .StartingWith(() => cache.Kind(ServiceRanges.Addresses).Snapshot.All.Select(a => a.Key)
            .Concat(cache.Kind(Services).Snapshot.All.SelectMany(AddressesOf)).Distinct());

    public async Task<Outcome> ReconcileAsync(ObjectKey key, ReconcileContext context, CancellationToken cancel)
    {
        if (IsRight(key) || !IPAddress.TryParse(key.Name, out var address))
        {
            return Outcome.Done;
        }

        // Nothing is missing, or left, before all is seen.
        await cache.WaitUntilCurrentAsync(cancel);
        if (IsRight(key))
        {
            return Outcome.Done;
        }

        try
        {
            if (cache.Get(key) is { } item)
            {
                context.Events.Warning(item, "IPAddressNotAllocated", $"IPAddress: {key.Name} for Service {item.As<V1IPAddress>().Spec?.ParentRef?.NamespaceProperty}/{item.As<V1IPAddress>().Spec?.ParentRef?.Name} appears to have leaked: cleaning up");
                await context.Objects.DeleteAsync(key, new Preconditions(item.Header.Uid, item.Revision), cancel);
            }
            else if (HolderOf(key.Name) is { } service)
            {
                context.Events.Warning(service, "ClusterIPNotAllocated", $"Cluster IP [{(address.GetAddressBytes().Length == 4 ? "IPv4" : "IPv6")}]: {key.Name} is not allocated; repairing");
                var made = Allocation.ObjectOf(address, service.Key.Namespace, service.Key.Name);
                (made["apiVersion"], made["kind"]) = ("networking.k8s.io/v1", "IPAddress");
                await context.Objects.CreateAsync(made, cancel);
            }
        }
        catch (ApiException changed) when (changed.Status.Code is 404 or 409)
        {
            // Somebody was faster; what they did wakes this key again.
        }

        return Outcome.Done;
    }

    /// <summary>The object is there exactly if a Service has the address; objects that others manage are always right.</summary>
    private bool IsRight(ObjectKey key)
    {
        if (cache.Get(key) is not { } item)
        {
            return HolderOf(key.Name) is null;
        }

        if (item.Header.Labels.TryGetValue(Allocation.ManagedByLabel, out var manager) && manager != Allocation.ManagedBy || manager is null)
        {
            return true;
        }

        var parent = item.As<V1IPAddress>().Spec?.ParentRef;
        return parent is { Resource: "services" }
            && cache.Get(new ObjectKey("", "services", parent.NamespaceProperty ?? "", parent.Name ?? "")) is { } service
            && AddressesOf(service).Contains(key);
    }

    private KubeObject? HolderOf(string address) =>
        cache.Kind(Services).WithField("spec.clusterIP", address) is [var single, ..] ? single
            : address.Contains(':') || cache.Kind(ServiceRanges.Cidrs).Snapshot.All.Any(c => ServiceRanges.RangesOf(c).Any(r => r.Family == "IPv6"))
                ? cache.Kind(Services).Snapshot.All.FirstOrDefault(s => AddressesOf(s).Any(a => a.Name == address)) : null;

    private static IReadOnlyList<ObjectKey> AddressesOf(KubeObject? service) => service?.Derive(ClusterAddresses.Of).Keys ?? [];

    private sealed record ClusterAddresses(IReadOnlyList<ObjectKey> Keys)
    {
        public static ClusterAddresses Of(KubeObject service) => new([.. ServiceClaims.Of(service.ToNode()).Addresses.Select(ServiceRanges.KeyOf)]);
    }
}
