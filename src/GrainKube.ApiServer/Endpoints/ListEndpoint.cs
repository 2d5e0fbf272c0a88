using GrainKube.ApiMachinery.Errors;
using GrainKube.ApiMachinery.Objects;
using GrainKube.ApiServer.Pipeline;
using GrainKube.ApiServer.Requests;
using GrainKube.Objects.Cache;
using Microsoft.Extensions.Options;

namespace GrainKube.ApiServer.Endpoints;

/// <summary>LIST: picks objects from a picture of the kind and sends their bytes one after the other.</summary>
internal sealed class ListEndpoint(WatchCache cache, Freshness freshness, Shaping shaping, IOptions<ApiServerOptions> options, TimeProvider time)
{
    public async Task InvokeAsync(ResourceCall call)
    {
        var parameters = ListParameters.Parse(call.Http.Request.Query, watch: false);
        var selection = Selection.Parse(call, parameters);
        var page = await PageAsync(call, parameters, selection);
        var head = new ListHead(page.Revision, page.Continue, page.Remaining);
        var pieces = shaping.List(call, head, page.Items);
        long length = 0;
        foreach (var piece in pieces)
        {
            length += piece.Length;
        }

        await Responses.PiecesAsync(call.Http, pieces, length, options.Value.CompressFrom);
    }

    /// <summary>The objects that the parameters ask for, and how to go on.</summary>
    public async Task<ListPage> PageAsync(ResourceCall call, ListParameters parameters, Selection selection)
    {
        var token = parameters.Continue.Length == 0 ? null : ContinueToken.Decode(parameters.Continue);
        if (token is not null && parameters.Revision > 0)
        {
            throw ApiException.BadRequest("specifying resource version is not allowed when using continue");
        }

        var kind = cache.Kind(call.Resource);
        var snapshot = await SnapshotAsync(kind, parameters, token, call.Cancel);
        kind.ThrowIfUnreadable(call.Namespace, selection.Name ?? "");
        if (parameters.Limit <= 0 && token is null)
        {
            return new ListPage(All(kind, snapshot, call.Namespace, selection), snapshot.Revision, "", null);
        }

        var since = token is { Revision: > 0, Since: > 0 } ? token.Since : time.GetUtcNow().ToUnixTimeSeconds();
        var page = Page(snapshot, call.Namespace, token, parameters.Limit, selection, since);
        if (page.Continue.Length > 0)
        {
            kind.Pin(snapshot); // the next page must come from the same picture
        }

        return page;
    }

    private async Task<KindSnapshot> SnapshotAsync(KindCache kind, ListParameters parameters, ContinueToken? token, CancellationToken cancel)
    {
        if (token is null or { Revision: < 0 })
        {
            await freshness.WaitAsync(token is null ? parameters.Revision : null, cancel);
            return !parameters.Exact || token is not null
                ? kind.Snapshot
                : kind.At(parameters.Revision!.Value) ?? throw ApiException.Expired("The resourceVersion for the provided list is too old.");
        }

        await freshness.WaitAsync(token.Revision, cancel);
        return (token.IsTooOld(time.GetUtcNow()) ? null : kind.At(token.Revision)) ?? throw new ApiException(new Status
        {
            Code = 410,
            Reason = "Expired",
            Continue = token.InTheNewest().Encode(),
            Message = "The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, or use the continue token in this "
                + "response to retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list - objects that were created, modified, or deleted between "
                + "the time the first chunk was returned and now may show up in the list.",
        });
    }

    private static List<KubeObject> All(KindCache kind, KindSnapshot snapshot, string ns, Selection selection)
    {
        if (selection.Name is { } name && (ns.Length > 0 || !kind.Definition.Names.Namespaced))
        {
            return snapshot.Get(ns, name) is { } only && selection.Matches(only) ? [only] : [];
        }

        var items = new List<KubeObject>(ns.Length == 0 && selection.IsEmpty ? snapshot.Count : 16);
        foreach (var item in snapshot.In(ns))
        {
            if (selection.Matches(item))
            {
                items.Add(item);
            }
        }

        return items;
    }

    private static ListPage Page(KindSnapshot snapshot, string ns, ContinueToken? token, long limit, Selection selection, long since)
    {
        var rest = token is null ? snapshot.In(ns) : snapshot.After(token.Namespace, token.Name, ns);
        var items = new List<KubeObject>();
        long remaining = 0;
        foreach (var item in rest)
        {
            if (!selection.Matches(item))
            {
                continue;
            }

            if (limit > 0 && items.Count >= limit)
            {
                remaining++;
                if (!selection.IsEmpty)
                {
                    break; // with selectors nobody is told how many remain
                }

                continue;
            }

            items.Add(item);
        }

        var next = remaining == 0 ? "" : new ContinueToken(snapshot.Revision, items[^1].Header.Namespace, items[^1].Header.Name, since).Encode();
        return new ListPage(items, snapshot.Revision, next, remaining > 0 && selection.IsEmpty ? remaining : null);
    }
}
