using System.Globalization;
using GrainKube.ApiMachinery.Errors;
using GrainKube.ApiMachinery.Objects;
using GrainKube.ApiServer.Endpoints;
using GrainKube.ApiServer.Streaming;
using k8s.Models;

namespace GrainKube.ApiServer.Proxying;

/// <summary><c>pods/[SCHEME:]NAME[:PORT]/proxy</c>: HTTP to a pod.</summary>
internal sealed class PodProxyEndpoint(GetEndpoint get, PodConnections connections, ProxyForwarder forwarder) : IStreamEndpoint
{
    public GroupResource Resource => new("", "pods");
    public string Subresource => "proxy";

    public async Task InvokeAsync(ResourceCall call)
    {
        var name = ProxyName.Parse(call.Info.Name) ?? throw ApiException.BadRequest($"invalid pod request \"{call.Info.Name}\"");
        var item = await get.FindAsync(call with { Info = call.Info with { Name = name.Name } });
        var pod = item.As<V1Pod>();
        var ip = pod.Status?.PodIP;
        if (string.IsNullOrEmpty(ip))
        {
            throw ApiException.BadRequest("address not allowed");
        }

        // Without a port: the first that any container declares.
        var port = name.Port.Length > 0 ? name.Port
            : pod.Spec.Containers.Select(container => container.Ports?.FirstOrDefault()).FirstOrDefault(found => found is not null)?.ContainerPort.ToString(CultureInfo.InvariantCulture)
            ?? (name.Scheme == "https" ? "443" : "80");
        if (!int.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number is < 1 or > 65535)
        {
            throw ApiException.BadRequest($"invalid port \"{port}\"");
        }

        var target = new ProxyTarget(
            name.Scheme.Length > 0 ? name.Scheme : "http", $"{(ip.Contains(':', StringComparison.Ordinal) ? $"[{ip}]" : ip)}:{number}",
            async _ => new ConnectionStream(await connections.OpenAsync(item, ip, number)));
        await forwarder.ForwardAsync(call, target);
    }
}
