using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using GrainKube.ApiMachinery.Durations;
using GrainKube.ApiMachinery.Errors;
using GrainKube.ApiServer.Requests;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace GrainKube.ApiServer.Pipeline;

/// <summary>Reads what the request asks for, and bounds its time.</summary>
internal sealed class RequestBounds(RequestDelegate next, IOptions<ApiServerOptions> options, TimeProvider time, IHostApplicationLifetime lifetime)
{
    /// <summary>The header that names a request in audit logs.</summary>
    internal const string AuditId = "Audit-Id";

    private const int LongestAuditId = 64;

    public async Task InvokeAsync(HttpContext context)
    {
        var info = RequestInfoResolver.Resolve(context.Request.Method, context.Request.Path.Value ?? "/", context.Request.Query);
        context.Features.Set(new RequestState { Info = info, AuditId = Identify(context) });
        Name(info, context.Request.Method);
        if (IsLongRunning(info))
        {
            await UntilShutdownAsync(context);
            return;
        }

        var aborted = context.RequestAborted;
        using var deadline = new CancellationTokenSource(Timeout(context.Request), time);
        using var gone = aborted.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), deadline);
        try
        {
            context.RequestAborted = deadline.Token;
            await next(context);
        }
        finally
        {
            context.RequestAborted = aborted;
        }
    }

    private static string Identify(HttpContext context)
    {
        var asked = context.Request.Headers[AuditId].ToString();
        var id = asked.Length is > 0 and <= LongestAuditId ? asked : Guid.NewGuid().ToString();
        context.Response.Headers[AuditId] = id;
        return id;
    }

    // A listener that stops waits for its requests: one without an end of its own would use up the time that the silo needs to leave in order.
    private async Task UntilShutdownAsync(HttpContext context)
    {
        var aborted = context.RequestAborted;
        using var either = CancellationTokenSource.CreateLinkedTokenSource(aborted, lifetime.ApplicationStopping);
        try
        {
            context.RequestAborted = either.Token;
            await next(context);
        }
        catch (OperationCanceledException) when (lifetime.ApplicationStopping.IsCancellationRequested)
        {
            context.Abort();
        }
        finally
        {
            context.RequestAborted = aborted;
        }
    }

    internal static bool IsLongRunning(RequestInfo info) =>
        info.Verb == "watch" || info.Subresource is "log" or "exec" or "attach" or "portforward" or "proxy";

    private TimeSpan Timeout(HttpRequest request)
    {
        var asked = request.Query.First("timeout");
        if (asked.Length == 0)
        {
            return options.Value.RequestTimeout;
        }

        if (!GoDuration.TryParse(asked, out var wanted))
        {
            throw ApiException.BadRequest($"invalid timeout specified in the request URL - time: {(asked.All(char.IsAsciiDigit) ? "missing unit in" : "invalid")} duration {JsonSerializer.Serialize(asked)}");
        }

        return wanted <= TimeSpan.Zero || wanted > options.Value.RequestTimeout ? options.Value.RequestTimeout : wanted;
    }

    private static void Name(RequestInfo info, string method)
    {
        if (Activity.Current is { IsAllDataRequested: true } activity && info.IsResourceRequest)
        {
            var resource = info.Subresource.Length == 0 ? info.Resource : string.Create(CultureInfo.InvariantCulture, $"{info.Resource}/{info.Subresource}");
            activity.DisplayName = $"{method} {resource}";
            activity.SetTag("k8s.resource", resource).SetTag("k8s.group", info.ApiGroup).SetTag("k8s.namespace", info.Namespace).SetTag("k8s.name", info.Name);
        }
    }
}
