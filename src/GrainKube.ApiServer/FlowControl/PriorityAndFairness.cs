using System.Diagnostics.Metrics;
using GrainKube.ApiServer.Pipeline;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace GrainKube.ApiServer.FlowControl;

/// <summary>The step of the pipeline in which a request takes its seats, waits for them, or is told to come again. Watches need theirs only to begin; other streams need none.</summary>
internal sealed class PriorityAndFairness(RequestDelegate next, FlowController flows, WorkEstimate estimate, WatchCounts counts, IOptions<ApiServerOptions> options)
{
    private const string SchemaHeader = "X-Kubernetes-PF-FlowSchema-UID";
    private const string LevelHeader = "X-Kubernetes-PF-PriorityLevel-UID";
    private static readonly Meter Meter = new("GrainKube.ApiServer");
    private static readonly Counter<long> Rejected = Meter.CreateCounter<long>("apiserver_flowcontrol_rejected_requests_total");
    private static readonly Counter<long> Dispatched = Meter.CreateCounter<long>("apiserver_flowcontrol_dispatched_requests_total");

    public async Task InvokeAsync(HttpContext context)
    {
        var state = RequestState.Of(context);
        var watches = state.Info.Verb == "watch";
        if (!flows.IsOn || (RequestBounds.IsLongRunning(state.Info) && !watches))
        {
            await next(context);
            return;
        }

        var schema = flows.Current.Of(state.User!, state.Info);
        context.Response.Headers[SchemaHeader] = schema.Uid;
        context.Response.Headers[LevelHeader] = schema.LevelUid;
        var work = schema.Level.Settings.IsExempt ? Work.Least : estimate.Of(state.Info, context.Request.Query, schema.Level);

        // Upstream's: a quarter of its time a request may wait.
        var seats = await schema.Level.EnterAsync(work.Seats, schema.FlowOf(state.User!, state.Info), options.Value.RequestTimeout / 4, context.RequestAborted);
        Count(seats.Level is null ? Rejected : Dispatched, schema);
        if (seats.Level is null)
        {
            await RefuseAsync(context);
            return;
        }

        if (watches)
        {
            await WatchAsync(context, state, seats);
            return;
        }

        try
        {
            await next(context);
        }
        finally
        {
            seats.Leave(work.Lingers);
        }
    }

    private async Task WatchAsync(HttpContext context, RequestState state, Seats seats)
    {
        var left = 0;
        using var counted = counts.Count(state.Info);
        state.HasBegun = Leave;
        try
        {
            await next(context);
        }
        finally
        {
            Leave();
        }

        void Leave()
        {
            if (Interlocked.Exchange(ref left, 1) == 0)
            {
                seats.Leave();
            }
        }
    }

    /// <summary>Upstream says so plainly.</summary>
    private static Task RefuseAsync(HttpContext context)
    {
        context.Response.Headers.RetryAfter = "1";
        context.Response.Headers.XContentTypeOptions = "nosniff";
        return Responses.TextAsync(context, 429, "Too many requests, please try again later.\n");
    }

    private static void Count(Counter<long> counter, FlowSchema schema)
    {
        if (counter.Enabled)
        {
            counter.Add(1, new KeyValuePair<string, object?>("flow_schema", schema.Name), new KeyValuePair<string, object?>("priority_level", schema.Level.Name));
        }
    }
}
