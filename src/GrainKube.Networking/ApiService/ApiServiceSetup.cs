using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Errors;
using GrainKube.ApiMachinery.Identity;
using GrainKube.ApiMachinery.Objects;
using GrainKube.Networking.Addresses;
using GrainKube.Objects.Client;
using GrainKube.Objects.Writes;
using k8s.Models;
using Microsoft.Extensions.Options;

namespace GrainKube.Networking.ApiService;

/// <summary>What a server does about the Service <c>kubernetes</c> when it starts: make it, and say that its gateway listens.</summary>
public sealed class ApiServiceSetup
{
    private const int UsualPort = 6443;
    private static readonly ObjectKey Service = new("", "services", ApiServiceObjects.Namespace, ApiServiceObjects.Name);
    private readonly DefaultServiceCidr range;
    private readonly ApiServiceOptions options;
    private readonly ObjectClient objects;
    private readonly ILocalSiloDetails silo;
    private readonly TimeProvider time;

    internal ApiServiceSetup(DefaultServiceCidr range, IOptions<ApiServiceOptions> options, ObjectClientFactory clients, ILocalSiloDetails silo, TimeProvider time)
    {
        (this.range, this.options, this.silo, this.time) = (range, options.Value, silo, time);
        objects = clients.For(UserInfo.Server);
    }

    /// <summary>Makes the range of service addresses and the service, where they are missing. Run when the cache is loaded and the namespace <c>default</c> is there.</summary>
    public Task EnsureAsync(CancellationToken cancel) => EnsureAsync(objects, null, cancel);

    /// <summary>Says that this server's gateway listens.</summary>
    /// <param name="port">Where.</param>
    /// <param name="cancel">Stops waiting.</param>
    public async Task AnnounceAsync(int port, CancellationToken cancel)
    {
        var key = GatewayLease.KeyOf(options.NodeName);
        var lease = GatewayLease.Write(options.NodeName, silo.SiloAddress.ToParsableString(), new GatewayAddress(options.AdvertisedAddress, port), time.GetUtcNow());
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await (objects.Get(key) is null ? objects.CreateAsync((JsonObject)lease.DeepClone(), cancel) : objects.PatchAsync(key, lease, "", null, cancel));
                return;
            }
            catch (ApiException raced) when (raced.Status.Code is 404 or 409 && attempt < 5)
            {
                // The Lease of its earlier life is being removed, or this cache is behind.
                await objects.Cache.WaitUntilCurrentAsync(cancel);
            }
        }
    }

    /// <param name="client">Writes.</param>
    /// <param name="gatewayPort">Port that the service is to lead to; null where no gateway is known yet.</param>
    /// <param name="cancel">Stops waiting.</param>
    internal async Task EnsureAsync(ObjectClient client, int? gatewayPort, CancellationToken cancel)
    {
        await range.EnsureAsync(client, cancel);
        if (client.Get(Service) is not { } item)
        {
            await client.WaitForOwnWritesAsync(cancel);
            try
            {
                await client.CreateAsync(ApiServiceObjects.Service(options.ServiceAddress, gatewayPort ?? (options.Port > 0 ? options.Port : UsualPort)), cancel);
            }
            catch (ApiException first) when (first.Status.Code is 409 or 422 && gatewayPort is null)
            {
                // Another silo was first and holds the address; or a stranger does, and then the reconciler goes on trying.
            }
        }
        else if (gatewayPort is { } port && item.Header.DeletionTimestamp is null && !ApiServiceObjects.LeadsTo(item.As<V1Service>(), port))
        {
            var ports = new JsonObject { ["spec"] = new JsonObject { ["ports"] = ApiServiceObjects.ServicePorts(port) } };
            await client.PatchAsync(Service, ports, "", new Preconditions(item.Header.Uid), cancel);
        }
    }
}
