using System.Net;
using System.Net.Security;
using System.Text;
using GrainKube.ApiMachinery.Errors;
using GrainKube.ApiServer.Endpoints;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace GrainKube.ApiServer.Proxying;

/// <summary>Carries a request to its target and the answer back. Each request has a connection of its own: what is behind a name changes.</summary>
internal sealed class ProxyForwarder
{
    private const int MostHtml = 8 * 1024 * 1024;

    // The client's credentials are for us; the encoding is ours to choose, because links in the answer are rewritten.
    private static readonly HashSet<string> Kept = new(StringComparer.OrdinalIgnoreCase) { "Authorization", "Accept-Encoding", "Host", "Content-Length" };

    /// <exception cref="ApiException">503 where the target cannot be reached.</exception>
    public async Task ForwardAsync(ResourceCall call, ProxyTarget target)
    {
        var path = ProxyPath.Of(call);
        if (path.Path.Length == 0 && (HttpMethods.IsGet(call.Http.Request.Method) || HttpMethods.IsHead(call.Http.Request.Method)) && !Relay.IsUpgrade(call.Http.Request))
        {
            // Relative links of the answer would miss the last part of the path.
            call.Http.Response.StatusCode = 301;
            call.Http.Response.Headers.Location = path.Prefix + "/" + path.Query;
            return;
        }

        using var invoker = new HttpMessageInvoker(Handler(target));
        using var request = Request(call.Http, target, path);
        HttpResponseMessage response;
        try
        {
            response = await invoker.SendAsync(request, call.Cancel);
        }
        catch (HttpRequestException failed)
        {
            throw ApiException.ServiceUnavailable($"error trying to reach service: {(failed.InnerException ?? failed).Message}");
        }

        using (response)
        {
            await (response.StatusCode == HttpStatusCode.SwitchingProtocols ? Relay.UpgradeAsync(call.Http, response) : AnswerAsync(call, target, path, response));
        }
    }

    private static SocketsHttpHandler Handler(ProxyTarget target) => new()
    {
        AllowAutoRedirect = false,
        UseProxy = false,
        UseCookies = false,
        AutomaticDecompression = DecompressionMethods.None,
        ActivityHeadersPropagator = null,
        ConnectCallback = (_, cancel) => target.ConnectAsync(cancel),

        // As upstream: what a pod's certificate says nobody knows beforehand.
        SslOptions = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = static (_, _, _, _) => true },
    };

    private static HttpRequestMessage Request(HttpContext http, ProxyTarget target, ProxyPath path)
    {
        var asItStands = new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true };
        var request = new HttpRequestMessage(new HttpMethod(http.Request.Method), new Uri($"{target.Scheme}://{target.Host}{(path.Path.Length > 0 ? path.Path : "/")}{path.Query}", asItStands));
        var body = http.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody == true && !Relay.IsUpgrade(http.Request);
        if (body)
        {
            request.Content = new StreamContent(http.Request.Body);
            request.Content.Headers.ContentLength = http.Request.ContentLength;
        }

        foreach (var (name, values) in http.Request.Headers)
        {
            if (!Relay.IsHopByHop(name) && !Kept.Contains(name) && !name.StartsWith(':') && !request.Headers.TryAddWithoutValidation(name, (IEnumerable<string>)values))
            {
                request.Content?.Headers.TryAddWithoutValidation(name, (IEnumerable<string>)values);
            }
        }

        if (Relay.IsUpgrade(http.Request))
        {
            request.Headers.Connection.Add("Upgrade");
            request.Headers.TryAddWithoutValidation("Upgrade", (IEnumerable<string>)http.Request.Headers.Upgrade);
        }

        request.Headers.Host = http.Request.Host.Value;
        request.Headers.TryAddWithoutValidation("X-Forwarded-Uri", path.Prefix + path.Path);
        if (http.Connection.RemoteIpAddress is { } client)
        {
            request.Headers.Remove("X-Forwarded-For");
            request.Headers.TryAddWithoutValidation("X-Forwarded-For", string.Join(", ", http.Request.Headers["X-Forwarded-For"].Append(client.ToString())));
        }

        return request;
    }

    private static async Task AnswerAsync(ResourceCall call, ProxyTarget target, ProxyPath path, HttpResponseMessage response)
    {
        var answer = call.Http.Response;
        var requestHost = call.Http.Request.Host.Value ?? "";
        answer.StatusCode = (int)response.StatusCode;
        Relay.CopyHeaders(response, answer);
        if (response.Headers.TryGetValues("Location", out var location))
        {
            answer.Headers.Location = Rewriting.Url(location.First(), path.Prefix, target.Host, requestHost);
        }

        try
        {
            await using var body = await response.Content.ReadAsStreamAsync(call.Cancel);
            if (IsHtml(response) && !HttpMethods.IsHead(call.Http.Request.Method))
            {
                using var text = new StreamReader(body, Encoding.Latin1); // each byte a letter, and back
                var html = await text.ReadToEndAsync(call.Cancel);
                var bytes = Encoding.Latin1.GetBytes(Rewriting.Html(html, path.Prefix, target.Host, requestHost));
                answer.ContentLength = bytes.Length;
                await answer.Body.WriteAsync(bytes, call.Cancel);
                return;
            }

            if (!HttpMethods.IsHead(call.Http.Request.Method))
            {
                await Relay.CopyAsync(body, answer, call.Cancel);
            }
        }
        catch (Exception error) when (error is HttpRequestException or IOException)
        {
            // The answer has begun; that it is not whole the client sees by the connection's end.
            call.Http.Abort();
        }
    }

    private static bool IsHtml(HttpResponseMessage response) =>
        response.Content.Headers.ContentType?.MediaType == "text/html" && response.Content.Headers.ContentEncoding.Count == 0 && (response.Content.Headers.ContentLength ?? 0) <= MostHtml;
}
