using System.Globalization;
using System.Net.WebSockets;
using GrainKube.ApiMachinery.Errors;
using GrainKube.ApiMachinery.Objects;
using GrainKube.ApiServer.Endpoints;
using GrainKube.ApiServer.Pipeline;
using GrainKube.ApiServer.Streaming.Spdy;
using k8s.Models;
using Microsoft.AspNetCore.Http;

namespace GrainKube.ApiServer.Streaming.PortForward;

/// <summary>
/// <c>pods/NAME/portforward</c>, in its three forms: SPDY/3.1, the same inside a WebSocket (kubectl since 1.30), and plain WebSocket channels for the ports of the query.
/// </summary>
internal sealed class PortForwardEndpoint(GetEndpoint get, PodConnections connections, Permission permission, TimeProvider time) : IStreamEndpoint
{
    private const string Protocol = "portforward.k8s.io";
    private const string Tunnel = "SPDY/3.1+portforward.k8s.io";
    private static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan CloseTimeout = TimeSpan.FromSeconds(10);

    public GroupResource Resource => new("", "pods");
    public string Subresource => "portforward";

    public async Task InvokeAsync(ResourceCall call)
    {
        if (call.Info.Verb is not ("get" or "create"))
        {
            throw ApiException.MethodNotAllowed();
        }

        if (call.Info.Verb == "get")
        {
            // A WebSocket begins with a GET, yet talking to a pod is no mere reading.
            await permission.DemandAsync(call.User, call.Info with { Verb = "create" }, call.Cancel);
        }

        var item = await get.FindAsync(call);
        var pod = item.As<V1Pod>();
        if (string.IsNullOrEmpty(pod.Spec.NodeName))
        {
            throw ApiException.BadRequest($"pod {item.Header.Name} does not have a host assigned");
        }

        var http = call.Http;
        if (http.WebSockets.IsWebSocketRequest)
        {
            await (http.WebSockets.WebSocketRequestedProtocols.Contains(Tunnel) ? TunnelledAsync(http, item, call.Cancel) : ChannelsAsync(http, item, call.Cancel));
        }
        else if (SpdyUpgrade.IsAsked(http))
        {
            SpdyUpgrade.Negotiate(http, Protocol);
            using var connection = await SpdyUpgrade.AcceptAsync(http);
            await new PortForwardSession(connection, connections, item, time).RunAsync(call.Cancel);
        }
        else
        {
            throw ApiException.BadRequest("Upgrade request required");
        }
    }

    private async Task TunnelledAsync(HttpContext http, KubeObject pod, CancellationToken cancel)
    {
        // Written by hand: the name holds a slash, which the framework takes for an error.
        http.Response.Headers.SecWebSocketProtocol = Tunnel;
        using var socket = await http.WebSockets.AcceptWebSocketAsync(new WebSocketAcceptContext { KeepAliveInterval = KeepAlive });
        await using var stream = WebSocketStream.Create(socket, WebSocketMessageType.Binary, CloseTimeout);
        using var connection = new SpdyConnection(stream);
        await new PortForwardSession(connection, connections, pod, time).RunAsync(cancel);
    }

    private async Task ChannelsAsync(HttpContext http, KubeObject pod, CancellationToken cancel)
    {
        var ports = PortsOf(http.Request.Query);
        var protocol = ChannelProtocol.Of(http);
        using var socket = await http.WebSockets.AcceptWebSocketAsync(new WebSocketAcceptContext { SubProtocol = protocol.Name, KeepAliveInterval = KeepAlive });
        using var channels = new PortForwardChannels(socket, protocol.Base64, connections, pod, ports, time);
        await channels.RunAsync(cancel);
    }

    private static List<int> PortsOf(IQueryCollection query)
    {
        var ports = new List<int>();
        foreach (var text in query["ports"].SelectMany(value => (value ?? "").Split(',')))
        {
            ports.Add(int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is > 0 and <= 65535
                ? port
                : throw ApiException.BadRequest($"port \"{text}\" must be 1-65535"));
        }

        return ports.Count > 0 ? ports : throw ApiException.BadRequest("query parameter \"ports\" is required");
    }
}
