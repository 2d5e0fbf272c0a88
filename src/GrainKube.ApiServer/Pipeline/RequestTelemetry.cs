using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;
using GrainKube.ApiServer.Requests;
using Microsoft.AspNetCore.Http;

namespace GrainKube.ApiServer.Pipeline;

/// <summary>The activity and the metrics of each request. The metrics' names and labels are upstream's.</summary>
internal sealed class RequestTelemetry(RequestDelegate next, TimeProvider time)
{
    private static readonly ActivitySource Source = new("GrainKube.ApiServer");
    private static readonly Meter Meter = new("GrainKube.ApiServer");
    private static readonly Counter<long> Requests = Meter.CreateCounter<long>("apiserver_request_total");
    private static readonly Histogram<double> Durations = Meter.CreateHistogram<double>(
        "apiserver_request_duration_seconds", advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.005, 0.025, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1, 1.5, 2, 3, 5, 10, 30, 60] });

    public async Task InvokeAsync(HttpContext context)
    {
        var began = time.GetTimestamp();
        using var activity = Start(context.Request);
        try
        {
            await next(context);
        }
        finally
        {
            activity?.SetTag("http.response.status_code", context.Response.StatusCode);
            if (Requests.Enabled && context.Features.Get<RequestState>() is { Info.IsResourceRequest: true } state)
            {
                Measure(state.Info, context.Request, context.Response.StatusCode, time.GetElapsedTime(began));
            }
        }
    }

    /// <summary>Continues the client's trace where it sends one (W3C <c>traceparent</c>); whether that is recorded the client has decided.</summary>
    private static Activity? Start(HttpRequest request)
    {
        if (!Source.HasListeners())
        {
            return null;
        }

        // What the web server's own diagnostics made current is never recorded, and nothing below it would be.
        Activity.Current = null;
        ActivityContext.TryParse(request.Headers.TraceParent, request.Headers["tracestate"], isRemote: true, out var client);
        return Source.StartActivity(request.Method, ActivityKind.Server, client)?.SetTag("http.request.method", request.Method).SetTag("url.path", request.Path.Value);
    }

    private static void Measure(RequestInfo info, HttpRequest request, int code, TimeSpan took)
    {
        ReadOnlySpan<KeyValuePair<string, object?>> tags =
        [
            new("verb", VerbOf(info, request)),
            new("dry_run", DryRunOf(request)),
            new("group", info.ApiGroup),
            new("version", info.ApiVersion),
            new("resource", info.Resource),
            new("subresource", info.Subresource),
            new("scope", info.Name.Length > 0 || info.Verb == "create" ? "resource" : info.Namespace.Length > 0 ? "namespace" : "cluster"),
            new("component", "apiserver"),
            new("code", code.ToString(CultureInfo.InvariantCulture)),
        ];
        if (info.Verb != "watch")
        {
            Durations.Record(took.TotalSeconds, tags[..^1]); // not by code
        }

        Requests.Add(1, tags);
    }

    /// <summary>Upstream counts methods, not verbs of authorization, and tells apart what one method is used for.</summary>
    private static string VerbOf(RequestInfo info, HttpRequest request) => info switch
    {
        { Subresource: "exec" or "attach" or "portforward" or "proxy" or "log" } => "CONNECT",
        { Verb: "watch" } => "WATCH",
        { Verb: "list" } => "LIST",
        _ when HttpMethods.IsHead(request.Method) => "GET",
        _ when HttpMethods.IsPatch(request.Method) => RequestBody.MediaType(request) == "application/apply-patch+yaml" ? "APPLY" : "PATCH",
        _ when HttpMethods.IsGet(request.Method) || HttpMethods.IsPost(request.Method) || HttpMethods.IsPut(request.Method) || HttpMethods.IsDelete(request.Method) => request.Method,
        _ => "other",
    };

    private static string DryRunOf(HttpRequest request) => request.Query.TryGetValue("dryRun", out var dry) ? dry.All(static value => value == "All") ? "All" : "invalid" : "";
}
