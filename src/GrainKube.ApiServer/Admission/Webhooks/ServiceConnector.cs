using System.Net;
using System.Net.Sockets;
using GrainKube.ApiMachinery.Errors;
using GrainKube.ApiMachinery.Objects;
using GrainKube.ApiServer.Proxying;
using GrainKube.ApiServer.Streaming;
using k8s.Models;

namespace GrainKube.ApiServer.Admission.Webhooks;

/// <summary>Connects to services of the cluster from wherever the server runs: pods are reached through the kubelets of their nodes.</summary>
internal sealed class ServiceConnector(IObjectReader objects, PodConnections connections)
{
    private const string ServiceName = "kubernetes.io/service-name";
    private static readonly GroupResource Slices = new("discovery.k8s.io", "endpointslices");

    /// <exception cref="WebhookFailure">The service or its port is not there, or nothing stands behind it.</exception>
    /// <exception cref="SocketException">Nobody answers.</exception>
    public async ValueTask<Stream> ConnectAsync(WebhookService target, CancellationToken cancel)
    {
        var service = objects.Get(new ObjectKey("", "services", target.Namespace, target.Name))?.As<V1Service>()
            ?? throw new WebhookFailure($"service \"{target.Name}\" not found");
        if (service.Spec.Type == "ExternalName")
        {
            return await ConnectAsync(new DnsEndPoint(service.Spec.ExternalName, target.Port), cancel);
        }

        var port = (service.Spec.Ports ?? []).FirstOrDefault(p => p.Port == target.Port)
            ?? throw new WebhookFailure($"no service port {target.Port} found for service \"{target.Name}\"");
        var found = Endpoints(target, port.Name ?? "").ToList();
        if (found.Count == 0)
        {
            throw new WebhookFailure($"no endpoints available for service \"{target.Name}\"");
        }

        var (address, number, name) = found[Random.Shared.Next(found.Count)];
        if (name is null || objects.Get(CoreKeys.Pod(target.Namespace, name)) is not { } pod)
        {
            return await ConnectAsync(new IPEndPoint(IPAddress.Parse(address), number), cancel);
        }

        try
        {
            return new ConnectionStream(await connections.OpenAsync(pod, address, number).WaitAsync(cancel));
        }
        catch (ApiException away)
        {
            throw new WebhookFailure(away.Message, away);
        }
    }

    private IEnumerable<(string Address, int Port, string? Pod)> Endpoints(WebhookService target, string portName) =>
        from item in objects.All(Slices, target.Namespace)
        where item.Header.Labels.GetValueOrDefault(ServiceName) == target.Name
        let slice = item.As<V1EndpointSlice>()
        from port in slice.Ports ?? []
        where port.Port is not null && (port.Name ?? "") == portName
        from endpoint in slice.Endpoints ?? []
        where endpoint.Conditions?.Ready != false && endpoint.Addresses is { Count: > 0 }
        select (endpoint.Addresses[0], port.Port!.Value, endpoint.TargetRef is { Kind: "Pod" } pod ? pod.Name : null);

    private static async ValueTask<Stream> ConnectAsync(EndPoint place, CancellationToken cancel)
    {
        var socket = place is IPEndPoint known ? new Socket(known.AddressFamily, SocketType.Stream, ProtocolType.Tcp) : new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.NoDelay = true;
            await socket.ConnectAsync(place, cancel);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
