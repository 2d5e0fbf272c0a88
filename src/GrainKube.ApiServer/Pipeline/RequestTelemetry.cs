using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;
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
                Measure(state, context.Response.StatusCode, time.GetElapsedTime(began));
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

    private static void Measure(RequestState state, int code, TimeSpan took)
    {
        var info = state.Info;
        var tags = new TagList
        {
            { "verb", info.Verb.ToUpperInvariant() },
            { "group", info.ApiGroup },
            { "version", info.ApiVersion },
            { "resource", info.Resource },
            { "subresource", info.Subresource },
            { "scope", info.Name.Length > 0 ? "resource" : info.Namespace.Length > 0 ? "namespace" : "cluster" },
        };
        if (info.Verb != "watch")
        {
            Durations.Record(took.TotalSeconds, tags);
        }

        tags.Add("code", code.ToString(CultureInfo.InvariantCulture));
        Requests.Add(1, tags);
    }
}
