using System.Net.Http.Headers;
using Microsoft.AspNetCore.Http;
using Yarp.ReverseProxy.Forwarder;

namespace GrainKube.Networking.Ingress.Forwarding;

/// <summary>The request as the endpoint sees it: its own host, and who asked. What the client itself says about that is not believed.</summary>
internal sealed class RequestTransformer : HttpTransformer
{
    public static readonly RequestTransformer Instance = new();

    public override async ValueTask TransformRequestAsync(HttpContext context, HttpRequestMessage proxied, string destination, CancellationToken cancel)
    {
        await base.TransformRequestAsync(context, proxied, destination, cancel);
        var request = context.Request;
        var headers = proxied.Headers;
        headers.Host = request.Host.Value;
        Set(headers, "X-Forwarded-For", context.Connection.RemoteIpAddress?.ToString());
        Set(headers, "X-Real-IP", context.Connection.RemoteIpAddress?.ToString());
        Set(headers, "X-Forwarded-Proto", request.Scheme);
        Set(headers, "X-Forwarded-Scheme", request.Scheme);
        Set(headers, "X-Forwarded-Host", request.Host.Value);
        Set(headers, "X-Forwarded-Port", context.Connection.LocalPort.ToString(System.Globalization.CultureInfo.InvariantCulture));
        headers.Remove("Forwarded");
    }

    private static void Set(HttpRequestHeaders headers, string name, string? value)
    {
        headers.Remove(name);
        if (value is not null)
        {
            headers.TryAddWithoutValidation(name, value);
        }
    }
}
