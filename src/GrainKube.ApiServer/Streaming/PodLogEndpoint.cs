using System.Globalization;
using System.Net.WebSockets;
using System.Text;
using GrainKube.ApiMachinery.Errors;
using GrainKube.ApiMachinery.Objects;
using GrainKube.ApiMachinery.Validation;
using GrainKube.ApiServer.Endpoints;
using GrainKube.ApiServer.Pipeline;
using GrainKube.ApiServer.Requests;
using GrainKube.Objects.Nodes;
using Microsoft.AspNetCore.Http;

namespace GrainKube.ApiServer.Streaming;

/// <summary>GET of <c>pods/NAME/log</c>: the log travels from the node's kubelet grain as it is.</summary>
internal sealed class PodLogEndpoint(GetEndpoint get, IGrainFactory grains, TimeProvider time, ILocalSiloDetails? silo = null) : IStreamEndpoint
{
    public GroupResource Resource => new("", "pods");
    public string Subresource => "log";

    public async Task InvokeAsync(ResourceCall call)
    {
        if (call.Info.Verb != "get")
        {
            throw ApiException.MethodNotAllowed();
        }

        var target = await PodTarget.FindAsync(call, get);
        var request = Request(call, target);
        if (target.Node.Length == 0)
        {
            call.Http.Response.StatusCode = 204;
            return;
        }

        await using var pieces = grains.GetGrain<IKubeletGrain>(target.Node).ReadLogsAsync(request, call.Cancel).WithBatchSize(4).GetAsyncEnumerator(call.Cancel);
        var first = await pieces.MoveNextAsync(); // an error comes in its place, and has a status of its own
        if (call.Http.WebSockets.IsWebSocketRequest)
        {
            await OverWebSocketAsync(call, pieces, first);
            return;
        }

        Responses.Start(call.Http, 200, "text/plain");
        await call.Http.Response.BodyWriter.FlushAsync(call.Cancel);
        var output = call.Http.Response.BodyWriter;
        for (var more = first; more; more = await pieces.MoveNextAsync())
        {
            await output.WriteAsync(pieces.Current, call.Cancel);
        }
    }

    /// <summary>The log as messages of a WebSocket, binary or (subprotocol <c>base64.binary.k8s.io</c>) as text.</summary>
    private static async Task OverWebSocketAsync(ResourceCall call, IAsyncEnumerator<byte[]> pieces, bool first)
    {
        var protocol = call.Http.WebSockets.WebSocketRequestedProtocols.FirstOrDefault(name => name is "binary.k8s.io" or "base64.binary.k8s.io");
        using var socket = await call.Http.WebSockets.AcceptWebSocketAsync(protocol);
        try
        {
            for (var more = first; more; more = await pieces.MoveNextAsync())
            {
                if (pieces.Current.Length == 0)
                {
                    continue;
                }

                var (data, type) = protocol == "base64.binary.k8s.io"
                    ? (Encoding.ASCII.GetBytes(Convert.ToBase64String(pieces.Current)), WebSocketMessageType.Text)
                    : (pieces.Current, WebSocketMessageType.Binary);
                await socket.SendAsync(data, type, endOfMessage: true, call.Cancel);
            }

            await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, call.Cancel);
        }
        catch (WebSocketException)
        {
            // The client has left.
        }
    }

    private ContainerLogRequest Request(ResourceCall call, PodTarget target)
    {
        var query = call.Http.Request.Query;
        var errors = new FieldErrors();
        var since = Number(query, "sinceSeconds", 1, errors);
        var sinceTime = query.First("sinceTime");
        if (since is not null && sinceTime.Length > 0)
        {
            errors.Forbidden("at most one of `sinceTime` or `sinceSeconds` may be specified");
        }

        if (sinceTime.Length > 0 && !DateTimeOffset.TryParse(sinceTime, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out _))
        {
            throw ApiException.BadRequest($"parsing time \"{sinceTime}\" as \"2006-01-02T15:04:05Z07:00\": cannot parse");
        }

        var stream = query.First("stream");
        if (stream is not ("" or "All" or "Stdout" or "Stderr"))
        {
            errors.At("stream").NotSupported(stream, "All", "Stderr", "Stdout");
        }

        var request = new ContainerLogRequest
        {
            Namespace = target.Pod.Header.Namespace,
            Pod = target.Pod.Header.Name,
            PodUid = target.Pod.Header.Uid,
            Container = target.Container,
            Follow = QueryBool.IsTrue(query["follow"]),
            Previous = QueryBool.IsTrue(query["previous"]),
            Timestamps = QueryBool.IsTrue(query["timestamps"]),
            TailLines = Number(query, "tailLines", 0, errors),
            LimitBytes = Number(query, "limitBytes", 1, errors),
            Since = since is { } seconds ? time.GetUtcNow().AddSeconds(-seconds)
                : sinceTime.Length > 0 ? DateTimeOffset.Parse(sinceTime, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal) : null,
            Gateway = silo?.SiloAddress.ToParsableString() ?? "",
            Stream = stream.Length == 0 ? "All" : stream,
        };
        return errors.IsEmpty ? request : throw ApiException.Invalid("", "PodLogOptions", target.Pod.Header.Name, errors);
    }

    private static long? Number(IQueryCollection query, string name, long least, FieldErrors errors)
    {
        var text = query.First(name);
        if (text.Length == 0)
        {
            return null;
        }

        if (!long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
        {
            throw ApiException.BadRequest($"strconv.ParseInt: parsing \"{text}\": invalid syntax");
        }

        if (number < least)
        {
            errors.At(name).Invalid(number, least == 0 ? "must be greater than or equal to 0" : "must be greater than 0");
        }

        return number;
    }
}
