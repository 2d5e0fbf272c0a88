using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Errors;
using GrainKube.ApiMachinery.Objects;
using GrainKube.Objects.Writes;
using k8s.Models;
using Microsoft.Extensions.Options;

namespace GrainKube.Networking.Dns.Objects;

/// <summary>Keeps the Service and EndpointSlice of the cluster DNS: made where they are missing, made anew where the address is another.</summary>
internal sealed class DnsServiceReconciler(IOptions<DnsServiceOptions> options) : IReconciler
{
    private static readonly ObjectKey ServiceKey = new("", "services", DnsObjects.Namespace, DnsObjects.ServiceName);
    private static readonly ObjectKey SliceKey = new("discovery.k8s.io", "endpointslices", DnsObjects.Namespace, DnsObjects.SliceName);

    public string Name => "cluster-dns";

    public string Identity => "cluster-dns-controller";

    public int Slices => 1;

    public void Configure(ReconcilerWiring wiring) => wiring
        .StartingWith(() => [ServiceKey])
        .Watches<V1Service>(change => change.Subject.Key == ServiceKey ? [ServiceKey] : [])
        .Watches<V1EndpointSlice>(change => change.Subject.Key == SliceKey ? [ServiceKey] : []);

    public async Task<Outcome> ReconcileAsync(ObjectKey key, ReconcileContext context, CancellationToken cancel)
    {
        var address = options.Value.Address;
        if (address.Length == 0)
        {
            return Outcome.Done;
        }

        await context.Objects.Cache.WaitUntilCurrentAsync(cancel);
        if (context.Objects.Get(ServiceKey) is { } service && service.As<V1Service>().Spec?.ClusterIP != address)
        {
            // An address cannot be changed, and an earlier life of the cluster may have had another range.
            await context.Objects.DeleteAsync(ServiceKey, new Preconditions(service.Header.Uid), cancel);
            return Outcome.Done; // its going wakes us
        }

        await EnsureAsync(ServiceKey, DnsObjects.Service(address), context, cancel);
        if (context.Objects.Get(SliceKey) is { } slice && !slice.As<V1EndpointSlice>().Endpoints.Any(e => e.Addresses.Contains(address)))
        {
            await context.Objects.PatchAsync(SliceKey, new JsonObject { ["endpoints"] = DnsObjects.Slice(address)["endpoints"]!.DeepClone() }, "", new Preconditions(slice.Header.Uid), cancel);
        }

        await EnsureAsync(SliceKey, DnsObjects.Slice(address), context, cancel);
        return Outcome.Done;
    }

    private static async Task EnsureAsync(ObjectKey key, JsonObject wanted, ReconcileContext context, CancellationToken cancel)
    {
        if (context.Objects.Get(key) is not null)
        {
            return;
        }

        try
        {
            await context.Objects.CreateAsync(wanted, cancel);
        }
        catch (ApiException there) when (there.Status.Reason == "AlreadyExists")
        {
            // Somebody else was faster.
        }
    }
}
