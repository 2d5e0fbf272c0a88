using System.Globalization;
using System.Net;
using System.Net.Sockets;
using GrainKube.ApiMachinery.Errors;
using GrainKube.ApiMachinery.Objects;
using GrainKube.ApiServer.Admission;
using GrainKube.ApiServer.Endpoints;
using GrainKube.ApiServer.Streaming;
using k8s.Models;

namespace GrainKube.ApiServer.Proxying;

/// <summary><c>services/[SCHEME:]NAME[:PORT]/proxy</c>: HTTP to one of the service's endpoints, taken at random.</summary>
internal sealed class ServiceProxyEndpoint(GetEndpoint get, IObjectReader objects, PodConnections connections, ProxyForwarder forwarder) : IStreamEndpoint
{
    private const string ServiceName = "kubernetes.io/service-name";
    private static readonly GroupResource Slices = new("discovery.k8s.io", "endpointslices");

    public GroupResource Resource => new("", "services");
    public string Subresource => "proxy";

    public async Task InvokeAsync(ResourceCall call)
    {
        var name = ProxyName.Parse(call.Info.Name) ?? throw ApiException.BadRequest($"invalid service request \"{call.Info.Name}\"");
        var service = (await get.FindAsync(call with { Info = call.Info with { Name = name.Name } })).As<V1Service>();
        var port = PortName(service, name.Port);
        var found = Endpoints(call.Info.Namespace, name.Name, port).ToList();
        if (found.Count == 0)
        {
            throw ApiException.ServiceUnavailable($"no endpoints available for service \"{call.Info.Name}\"");
        }

        var chosen = found[Random.Shared.Next(found.Count)];
        var pod = chosen.Pod is { } reference ? objects.Get(new ObjectKey("", "pods", call.Info.Namespace, reference)) : null;
        var target = new ProxyTarget(
            name.Scheme.Length > 0 ? name.Scheme : "http",
            $"{(chosen.Address.Contains(':', StringComparison.Ordinal) ? $"[{chosen.Address}]" : chosen.Address)}:{chosen.Port}",
            async cancel => pod is null ? await ConnectAsync(chosen, cancel) : new ConnectionStream(await connections.OpenAsync(pod, chosen.Address, chosen.Port)));
        await forwarder.ForwardAsync(call, target);
    }

    /// <summary>A port's number means the service's; endpoints know it by its name.</summary>
    private static string PortName(V1Service service, string asked)
    {
        if (!int.TryParse(asked, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return asked;
        }

        return (service.Spec.Ports ?? []).FirstOrDefault(port => port.Port == number) is { } found
            ? found.Name ?? ""
            : throw ApiException.ServiceUnavailable($"no service port {number} found for service \"{service.Metadata.Name}\"");
    }

    private IEnumerable<Target> Endpoints(string ns, string service, string portName) =>
        from item in objects.All(Slices, ns)
        where item.Header.Labels.GetValueOrDefault(ServiceName) == service
        let slice = item.As<V1EndpointSlice>()
        from port in slice.Ports ?? []
        where port.Port is not null && (port.Name ?? "") == portName
        from endpoint in slice.Endpoints ?? []
        where endpoint.Conditions?.Ready != false && endpoint.Addresses is { Count: > 0 }
        select new Target(endpoint.Addresses[0], port.Port!.Value, endpoint.TargetRef is { Kind: "Pod" } pod ? pod.Name : null);

    /// <summary>An endpoint that is no pod is reached from here or not at all.</summary>
    private static async ValueTask<Stream> ConnectAsync(Target target, CancellationToken cancel)
    {
        var address = IPAddress.Parse(target.Address);
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(address, target.Port, cancel);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private sealed record Target(string Address, int Port, string? Pod);
}
