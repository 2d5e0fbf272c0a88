using GrainKube.ApiMachinery.Errors;
using GrainKube.ApiMachinery.Objects;
using GrainKube.ApiServer.Pipeline;
using GrainKube.ApiServer.Requests;
using Microsoft.Extensions.Options;

namespace GrainKube.ApiServer.Endpoints;

/// <summary>DELETE of a collection: each object that the selectors pick is deleted as by its own request; the answer lists them.</summary>
internal sealed class DeleteCollectionEndpoint(ListEndpoint list, DeleteEndpoint delete, Shaping shaping, IOptions<ApiServerOptions> options)
{
    private const int AtOnce = 16;

    public async Task InvokeAsync(ResourceCall call)
    {
        var query = ListParameters.Parse(call.Http.Request.Query, watch: false);
        var parameters = await DeleteParameters.ReadAsync(call.Http.Request, options.Value.MaxRequestBodyBytes);
        var page = await list.PageAsync(call, query, Selection.Parse(call, query));
        var bounds = new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = call.Cancel };
        await Parallel.ForEachAsync(page.Items, bounds, async (item, _) => await DeleteAsync(call, item, parameters));
        var pieces = shaping.List(call, new ListHead(page.Revision, page.Continue, page.Remaining), page.Items);
        await Responses.PiecesAsync(call.Http, pieces, pieces.Sum(piece => (long)piece.Length), options.Value.CompressFrom);
    }

    private async Task DeleteAsync(ResourceCall call, KubeObject item, DeleteParameters parameters)
    {
        try
        {
            await delete.DeleteAsync(call, item.Key, parameters, ofCollection: true);
        }
        catch (ApiException gone) when (gone.Status.Reason == "NotFound")
        {
            // Somebody else was quicker: what was asked for is so.
        }
    }
}
