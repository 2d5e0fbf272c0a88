using GrainKube.ApiMachinery.Errors;
using GrainKube.ApiMachinery.Objects;
using GrainKube.ApiServer.Endpoints;
using GrainKube.ApiServer.Negotiation;
using GrainKube.ApiServer.Pipeline;
using GrainKube.ApiServer.Requests;
using GrainKube.Objects.Cache;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;

namespace GrainKube.ApiServer.Watches;

/// <summary>WATCH: the state first where it is wanted, then every change that the selectors see, until the time is over or the client leaves.</summary>
internal sealed class WatchEndpoint(
    WatchCache cache, WatchFanOut fanOut, Freshness freshness, Shaping shaping, IOptions<ApiServerOptions> options, TimeProvider time)
{
    public async Task InvokeAsync(ResourceCall call)
    {
        Accept.RequireStream(call.Http.Request);
        var parameters = ListParameters.Parse(call.Http.Request.Query, watch: true);
        var selection = Selection.Parse(call, parameters);
        if (call.Info.IsNamed)
        {
            selection = selection.Named(call.Info.Name);
        }

        var output = new WatchOutput(call, shaping);
        using var ends = new CancellationTokenSource(Lifetime(parameters.TimeoutSeconds), time);
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(ends.Token, call.Cancel);
        call.Http.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        Responses.Start(call.Http, 200, output.MediaType);
        try
        {
            await call.Http.Response.BodyWriter.FlushAsync(cancel.Token); // the client is to know at once that it is watching
            await RunAsync(call, parameters, selection, output, cancel.Token);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            // Its time is over, or the client has left: both end a watch in order.
        }
        catch (ApiException error)
        {
            // Once a watch has begun every error is an event, so that clients need one way to handle it.
            await output.ErrorAsync(error.Status, call.Cancel);
        }
    }

    private async Task RunAsync(ResourceCall call, ListParameters parameters, Selection selection, WatchOutput output, CancellationToken cancel)
    {
        var kind = cache.Kind(call.Resource);
        var from = await StartAsync(call, kind, parameters, selection, output, cancel);
        RequestState.Of(call.Http).HasBegun?.Invoke();
        var watch = kind.Watch(from);
        var filter = new WatchFilter(call.Namespace, selection);
        using var turn = fanOut.Join(kind, watch, parameters.AllowBookmarks ? options.Value.BookmarkInterval : null, cancel);
        while (true)
        {
            if (watch.TryNext() is { } changes)
            {
                foreach (var change in changes)
                {
                    filter.Pass(change, output);
                    await output.FlushIfFullAsync(cancel);
                }
            }

            if (turn.TakeBookmark())
            {
                output.Bookmark(watch.Revision, initialEnd: false);
            }

            await output.FlushAsync(cancel);
            await turn.WaitAsync();
        }
    }

    /// <summary>Sends the state that the client wants to begin with. Returns the revision after which changes follow.</summary>
    private async Task<long> StartAsync(
        ResourceCall call, KindCache kind, ListParameters parameters, Selection selection, WatchOutput output, CancellationToken cancel)
    {
        var wantsState = parameters.SaysInitialEvents ? parameters.SendInitialEvents : parameters.Revision is null or 0;
        if (!wantsState && parameters.Revision > 0)
        {
            return parameters.Revision.Value;
        }

        await freshness.WaitAsync(parameters.Revision, cancel);
        var snapshot = kind.Snapshot;
        if (wantsState)
        {
            var state = State(call, snapshot, selection);
            if (call.Version.FromStorageTogether is not null)
            {
                List<KubeObject> all = [.. state];
                Shaping.Prepare(call, all);
                state = all;
            }

            foreach (var item in state)
            {
                output.WriteState(item);
                await output.FlushIfFullAsync(cancel);
            }

            if (parameters.SendInitialEvents && parameters.AllowBookmarks)
            {
                output.Bookmark(snapshot.Revision, initialEnd: true);
            }

            await output.FlushAsync(cancel);
        }

        return snapshot.Revision;
    }

    private static IEnumerable<KubeObject> State(ResourceCall call, KindSnapshot snapshot, Selection selection) => snapshot.In(call.Namespace).Where(selection.Matches);

    private TimeSpan Lifetime(long? seconds) => seconds is > 0
        ? TimeSpan.FromSeconds(Math.Min(seconds.Value, int.MaxValue / 1000))
        : options.Value.MinWatchTimeout * (1 + Random.Shared.NextDouble());
}
