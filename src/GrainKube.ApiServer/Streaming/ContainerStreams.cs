using GrainKube.ApiMachinery.Errors;
using GrainKube.ApiServer.Endpoints;
using GrainKube.ApiServer.Pipeline;
using GrainKube.ApiServer.Requests;
using GrainKube.ApiServer.Streaming.Spdy;
using GrainKube.Objects.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace GrainKube.ApiServer.Streaming;

/// <summary>Joins a client's WebSocket or SPDY connection with a session on the kubelet grain of the pod's node.</summary>
internal sealed partial class ContainerStreams(GetEndpoint get, IGrainFactory grains, Permission permission, TimeProvider time, ILogger<ContainerStreams> logger, ILocalSiloDetails? silo = null)
{
    public async Task RunAsync(ResourceCall call, bool needsCommand)
    {
        if (call.Info.Verb is not ("get" or "create"))
        {
            throw ApiException.MethodNotAllowed();
        }

        if (call.Info.Verb == "get")
        {
            // A WebSocket begins with a GET, yet running a command is no mere reading.
            await permission.DemandAsync(call.User, call.Info with { Verb = "create" }, call.Cancel);
        }

        var target = await PodTarget.FindAsync(call, get);
        var request = Request(call, target, needsCommand);
        var kubelet = grains.GetGrain<IKubeletGrain>(target.Node);
        if (call.Http.WebSockets.IsWebSocketRequest)
        {
            await OverWebSocketAsync(call, kubelet, request);
        }
        else if (SpdyUpgrade.IsAsked(call.Http))
        {
            await OverSpdyAsync(call, kubelet, request);
        }
        else
        {
            throw ApiException.BadRequest("Upgrade request required");
        }
    }

    private async Task OverWebSocketAsync(ResourceCall call, IKubeletGrain kubelet, ContainerStreamRequest request)
    {
        var protocol = ChannelProtocol.Of(call.Http);
        await WithSessionAsync(kubelet, request, async session =>
        {
            using var socket = await call.Http.WebSockets.AcceptWebSocketAsync(new WebSocketAcceptContext { SubProtocol = protocol.Name, KeepAliveInterval = TimeSpan.FromSeconds(30) });
            await new ChannelSocket(socket, protocol, kubelet, session, request, time).RunAsync(call.Cancel);
        });
    }

    private async Task OverSpdyAsync(ResourceCall call, IKubeletGrain kubelet, ContainerStreamRequest request)
    {
        var protocol = SpdyUpgrade.Negotiate(call.Http, SpdySession.V4, SpdySession.V3, SpdySession.V2, SpdySession.V1);
        await WithSessionAsync(kubelet, request, async session =>
        {
            using var connection = await SpdyUpgrade.AcceptAsync(call.Http);
            await new SpdySession(connection, kubelet, session, request, protocol, time).RunAsync(call.Cancel);
        });
    }

    private async Task WithSessionAsync(IKubeletGrain kubelet, ContainerStreamRequest request, Func<string, Task> use)
    {
        var session = await kubelet.OpenStreamsAsync(request);
        try
        {
            await use(session);
        }
        finally
        {
            await CloseAsync(kubelet, session);
        }
    }

    private ContainerStreamRequest Request(ResourceCall call, PodTarget target, bool needsCommand)
    {
        var query = call.Http.Request.Query;
        if (target.Node.Length == 0)
        {
            throw ApiException.BadRequest($"pod {target.Pod.Header.Name} does not have a host assigned");
        }

        var request = new ContainerStreamRequest
        {
            Namespace = target.Pod.Header.Namespace,
            Pod = target.Pod.Header.Name,
            PodUid = target.Pod.Header.Uid,
            Container = target.Container,
            Command = needsCommand ? [.. query["command"].Select(part => part ?? "")] : [],
            Stdin = QueryBool.IsTrue(query["stdin"]),
            Stdout = QueryBool.IsTrue(query["stdout"]),
            Stderr = QueryBool.IsTrue(query["stderr"]) && !QueryBool.IsTrue(query["tty"]),
            Tty = QueryBool.IsTrue(query["tty"]),
            Gateway = silo?.SiloAddress.ToParsableString() ?? "", // a gateway outside the cluster has no membership to be watched by
        };
        if (needsCommand && request.Command.Count == 0)
        {
            throw ApiException.BadRequest("you must specify at least one command for the container");
        }

        return request.Stdin || request.Stdout || request.Stderr
            ? request
            : throw ApiException.BadRequest("you must specify at least 1 of stdin, stdout, stderr");
    }

    private async Task CloseAsync(IKubeletGrain kubelet, string session)
    {
        try
        {
            await kubelet.CloseAsync(session);
        }
        catch (Exception error) when (error is ApiException or OrleansException or TimeoutException)
        {
            LogNotClosed(error, session);
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "Session {Session} could not be closed; its kubelet drops it by itself")]
    private partial void LogNotClosed(Exception error, string session);
}
