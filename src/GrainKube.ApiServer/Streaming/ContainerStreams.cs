using GrainKube.ApiMachinery.Errors;
using GrainKube.ApiServer.Endpoints;
using GrainKube.ApiServer.Pipeline;
using GrainKube.ApiServer.Requests;
using GrainKube.Objects.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace GrainKube.ApiServer.Streaming;

/// <summary>Joins a client's WebSocket with a session on the kubelet grain of the pod's node.</summary>
internal sealed partial class ContainerStreams(GetEndpoint get, IGrainFactory grains, Permission permission, TimeProvider time, ILogger<ContainerStreams> logger, ILocalSiloDetails? silo = null)
{
    public async Task RunAsync(ResourceCall call, bool needsCommand)
    {
        if (call.Info.Verb is not ("get" or "create"))
        {
            throw Dispatcher.NotAllowed();
        }

        if (call.Info.Verb == "get")
        {
            // A WebSocket begins with a GET, yet running a command is no mere reading.
            await permission.DemandAsync(call.User, call.Info with { Verb = "create" }, call.Cancel);
        }

        var target = await PodTarget.FindAsync(call, get);
        var request = Request(call, target, needsCommand);
        var protocol = ProtocolOf(call.Http);
        var kubelet = grains.GetGrain<IKubeletGrain>(target.Node);
        var session = await kubelet.OpenStreamsAsync(request);
        try
        {
            using var socket = await call.Http.WebSockets.AcceptWebSocketAsync(new WebSocketAcceptContext { SubProtocol = protocol, KeepAliveInterval = TimeSpan.FromSeconds(30) });
            await new ChannelSocket(socket, kubelet, session, request, time).RunAsync(call.Cancel);
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

    /// <summary>The first protocol of the client's list that we speak.</summary>
    private static string ProtocolOf(HttpContext context)
    {
        if (!context.WebSockets.IsWebSocketRequest)
        {
            throw ApiException.BadRequest("Upgrade request required: this server streams over WebSocket (v5.channel.k8s.io or v4.channel.k8s.io)");
        }

        return context.WebSockets.WebSocketRequestedProtocols.FirstOrDefault(p => p is ChannelSocket.V5 or ChannelSocket.V4)
            ?? throw ApiException.BadRequest($"unable to upgrade: none of the protocols is supported, only {ChannelSocket.V5} and {ChannelSocket.V4}");
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
