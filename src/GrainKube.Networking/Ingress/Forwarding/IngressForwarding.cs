using System.Net;
using System.Net.Security;
using GrainKube.Networking.Ingress.Routing;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Yarp.ReverseProxy.Forwarder;

namespace GrainKube.Networking.Ingress.Forwarding;

/// <summary>Takes a request to an endpoint of its backend.</summary>
internal sealed class IngressForwarding(IHttpForwarder forwarder, IngressState state) : IDisposable
{
    private const int Tries = 3;

    // As long as a stream or a WebSocket may be silent.
    private static readonly TimeSpan Silence = TimeSpan.FromMinutes(10);
    private static readonly ForwarderRequestConfig Plain = new() { ActivityTimeout = Silence, Version = HttpVersion.Version11, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
    private static readonly ForwarderRequestConfig Streams = new() { ActivityTimeout = Silence, Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact };

    private readonly HttpMessageInvoker client = new(new SocketsHttpHandler
    {
        UseProxy = false,
        UseCookies = false,
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,
        EnableMultipleHttp2Connections = true,
        ConnectTimeout = TimeSpan.FromSeconds(5),
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(30),

        // An endpoint that speaks TLS has a certificate of its own making; the way to it is the cluster's network.
        SslOptions = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = static (_, _, _, _) => true },
    });

    public async Task HandleAsync(HttpContext context)
    {
        var backend = state.Routes.Find(context.Request.Host.Host, context.Request.Path.Value ?? "");
        if (backend is null)
        {
            await RefuseAsync(context, StatusCodes.Status404NotFound, "404 page not found\n");
            return;
        }

        // A request without a body that found nobody may go to another endpoint: that one is about to be taken from the list.
        var repeatable = context.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody == false;
        for (var attempt = 1; ; attempt++)
        {
            if (backend.Next() is not { } destination)
            {
                await RefuseAsync(context, StatusCodes.Status503ServiceUnavailable, $"no endpoints available for service \"{backend.Name}\"\n");
                return;
            }

            var error = await forwarder.SendAsync(context, destination, client, ConfigFor(context, backend), RequestTransformer.Instance);
            if (error != ForwarderError.Request || !repeatable || attempt == Tries || context.Response.HasStarted || context.RequestAborted.IsCancellationRequested)
            {
                return;
            }

            context.Response.Clear();
        }
    }

    public void Dispose() => client.Dispose();

    private static ForwarderRequestConfig ConfigFor(HttpContext context, Backend backend) =>
        backend.Http2 || (HttpProtocol.IsHttp2(context.Request.Protocol) && context.Request.ContentType?.StartsWith("application/grpc", StringComparison.OrdinalIgnoreCase) == true)
            ? Streams
            : Plain;

    private static Task RefuseAsync(HttpContext context, int code, string text)
    {
        context.Response.StatusCode = code;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(text, context.RequestAborted);
    }
}
