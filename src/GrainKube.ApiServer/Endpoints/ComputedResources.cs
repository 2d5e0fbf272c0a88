using GrainKube.ApiMachinery.Errors;
using GrainKube.ApiMachinery.Objects;
using GrainKube.ApiMachinery.Selectors;
using GrainKube.ApiServer.Negotiation;
using GrainKube.ApiServer.Pipeline;
using GrainKube.ApiServer.Requests;
using Microsoft.Extensions.Options;

namespace GrainKube.ApiServer.Endpoints;

/// <summary>Leads reads to the <see cref="IComputedResource"/> that answers them.</summary>
internal sealed class ComputedResources(IEnumerable<IComputedResource> resources, Shaping shaping, IOptions<ApiServerOptions> options)
{
    private readonly Dictionary<GroupResource, IComputedResource> resources = resources.ToDictionary(r => r.Resource);

    /// <exception cref="ApiException">404 where there is no such object, 405 for other verbs.</exception>
    public async Task InvokeAsync(ResourceCall call)
    {
        if (!resources.TryGetValue(call.Resource, out var resource) || !call.Definition.Verbs.Contains(call.Info.Verb))
        {
            throw ApiException.MethodNotAllowed();
        }

        if (call.Info.IsNamed)
        {
            var found = await resource.ListAsync(call.Namespace, call.Info.Name, static _ => true, call.Cancel);
            var item = found.Count == 1 ? found[0] : throw ApiException.NotFound(call.Resource, call.Info.Name);
            await Responses.JsonAsync(call.Http, 200, call.Shape.Form == Form.Object ? item.Json : shaping.One(call, item));
            return;
        }

        var parameters = ListParameters.Parse(call.Http.Request.Query, watch: false);
        var selection = Selection.Parse(call, parameters);
        var items = await resource.ListAsync(call.Namespace, selection.Name, LabelSelector.Parse(parameters.LabelSelector).Matches, call.Cancel);
        var pieces = shaping.List(call, new ListHead(0), [.. items.Where(selection.Matches)]);
        await Responses.PiecesAsync(call.Http, pieces, pieces.Sum(p => (long)p.Length), options.Value.CompressFrom);
    }
}
