using System.Net;
using System.Security.Cryptography;
using GrainKube.ApiMachinery.Identity;
using GrainKube.ApiServer.Authentication;
using GrainKube.ApiServer.Pipeline;
using GrainKube.ApiServer.Proxying;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace GrainKube.ApiServer.Aggregation;

/// <summary>Carries requests to the server that has their API, as the user who made them, and the answers back as they are.</summary>
internal sealed class ExtensionProxy(ExtensionConnections connections)
{
    // The user has been found out and is told in headers of ours; the request's name for the audit logs of both servers is known by now.
    private static readonly HashSet<string> Kept = new(StringComparer.OrdinalIgnoreCase) { "Authorization", "Host", "Content-Length", "Sec-WebSocket-Protocol", "X-Forwarded-For", RequestBounds.AuditId };

    /// <param name="http">The request; its path goes on as it is.</param>
    /// <param name="api">An API that another server has.</param>
    /// <param name="user">Who asks.</param>
    /// <param name="redirects">A redirect is the client's own business: it stays on this server.</param>
    public async Task ForwardAsync(HttpContext http, ExtensionApi api, UserInfo user, bool redirects = false)
    {
        if (!api.Available)
        {
            await RefuseAsync(http, 503, "service unavailable");
            return;
        }

        using var request = Request(http, api.Target!, user);
        HttpResponseMessage response;
        try
        {
            response = await connections.SendAsync(api.Target!, request, http.RequestAborted);
        }
        catch (HttpRequestException failed)
        {
            await RefuseAsync(http, 503, $"error trying to reach service: {ConnectionFailures.Words(failed)}");
            return;
        }
        catch (CryptographicException malformed)
        {
            await RefuseAsync(http, 500, $"unable to load root certificates: {malformed.Message}");
            return;
        }

        using (response)
        {
            if (response.StatusCode == HttpStatusCode.SwitchingProtocols)
            {
                await Relay.UpgradeAsync(http, response);
            }
            else if (!redirects && (int)response.StatusCode is >= 300 and < 400 && response.Headers.Location is not null)
            {
                await RefuseAsync(http, 502, "the backend attempted to redirect this request, which is not permitted");
            }
            else
            {
                await AnswerAsync(http, response);
            }
        }
    }

    private static HttpRequestMessage Request(HttpContext http, ExtensionTarget target, UserInfo user)
    {
        // The path that was authorized: what the client wrote may still have dots in it.
        var asItStands = new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true };
        var url = new Uri(target.Origin + http.Request.Path.ToUriComponent() + http.Request.QueryString.ToUriComponent(), asItStands);
        var request = new HttpRequestMessage(new HttpMethod(http.Request.Method), url);
        var upgrade = Relay.IsUpgrade(http.Request);
        if (http.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody == true && !upgrade)
        {
            request.Content = new StreamContent(http.Request.Body);
            request.Content.Headers.ContentLength = http.Request.ContentLength;
            request.Headers.ConnectionClose = http.Request.ContentLength is null; // nobody looks for the end of such a body on the way
        }

        foreach (var (name, values) in http.Request.Headers)
        {
            if (!IsKept(name) && !request.Headers.TryAddWithoutValidation(name, (IEnumerable<string>)values))
            {
                request.Content?.Headers.TryAddWithoutValidation(name, (IEnumerable<string>)values);
            }
        }

        request.Headers.TryAddWithoutValidation("Sec-WebSocket-Protocol", BearerToken.WithoutToken(http.Request.Headers.SecWebSocketProtocol));
        if (upgrade)
        {
            request.Headers.Connection.Add("Upgrade");
            request.Headers.TryAddWithoutValidation("Upgrade", (IEnumerable<string>)http.Request.Headers.Upgrade);
        }

        request.Headers.TryAddWithoutValidation(RequestBounds.AuditId, RequestState.Of(http).AuditId);
        request.Headers.TryAddWithoutValidation("X-Forwarded-Uri", http.Request.Path.ToUriComponent());
        request.Headers.TryAddWithoutValidation("X-Forwarded-Host", http.Request.Host.Value);
        request.Headers.TryAddWithoutValidation("X-Forwarded-Proto", http.Request.Scheme);
        if (http.Connection.RemoteIpAddress is { } client)
        {
            request.Headers.TryAddWithoutValidation("X-Forwarded-For", string.Join(", ", http.Request.Headers["X-Forwarded-For"].Append(client.ToString())));
        }

        RemoteUser.Set(request, user);
        return request;
    }

    private static bool IsKept(string header) =>
        header.StartsWith(':') || Kept.Contains(header) || Relay.IsHopByHop(header) || RemoteUser.Owns(header) || header.StartsWith("Impersonate-", StringComparison.OrdinalIgnoreCase);

    private static async Task AnswerAsync(HttpContext http, HttpResponseMessage response)
    {
        RequestState.Of(http).HasBegun?.Invoke(); // the rest of a watch costs the other server, not this one
        http.Response.StatusCode = (int)response.StatusCode;
        Relay.CopyHeaders(response, http.Response);
        try
        {
            await using var body = await response.Content.ReadAsStreamAsync(http.RequestAborted);
            if (!HttpMethods.IsHead(http.Request.Method))
            {
                await Relay.CopyAsync(body, http.Response, http.RequestAborted);
            }
        }
        catch (Exception error) when (error is HttpRequestException or IOException)
        {
            // The answer has begun; that it is not whole the client sees by the connection's end.
            http.Abort();
        }
    }

    /// <summary>Upstream's proxy speaks plainly.</summary>
    private static Task RefuseAsync(HttpContext http, int code, string words)
    {
        http.Response.Headers.XContentTypeOptions = "nosniff";
        return Responses.TextAsync(http, code, words + "\n");
    }
}
