using System.Text.Json;
using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Errors;
using GrainKube.ApiMachinery.Objects;
using GrainKube.ApiServer.Admission.Webhooks;
using GrainKube.ApiServer.Negotiation;
using GrainKube.ApiServer.Pipeline;
using GrainKube.ApiServer.Requests;
using Microsoft.Extensions.Options;

namespace GrainKube.ApiServer.Endpoints;

/// <summary>Leads POSTs to the <see cref="IUnstoredResource"/> that answers them.</summary>
internal sealed class UnstoredResources(IEnumerable<IUnstoredResource> resources, ConnectReview reviews, IOptions<ApiServerOptions> options)
{
    private readonly Dictionary<(GroupResource, string), IUnstoredResource> resources = resources.ToDictionary(r => (r.Resource, r.Subresource));

    public bool Has(ResourceCall call) => resources.ContainsKey((call.Resource, call.Info.Subresource));

    /// <exception cref="ApiException">404 where nobody answers.</exception>
    public async Task InvokeAsync(ResourceCall call)
    {
        if (!resources.TryGetValue((call.Resource, call.Info.Subresource), out var resource))
        {
            throw ApiException.NoSuchResource();
        }

        Accept.RequireObject(call.Http.Request, call.Offer);
        var body = await RequestBody.ReadJsonAsync(call.Http.Request, options.Value.MaxRequestBodyBytes);
        _ = BodyHeader.Read(body, call.Definition.Names.Kind);
        var parameters = WriteParameters.Parse(call.Http.Request, "CreateOptions");
        JsonObject parsed;
        try
        {
            parsed = JsonNode.Parse(body) as JsonObject ?? []; // null is an object that says nothing
            _ = parsed.Count;
        }
        catch (Exception error) when (error is JsonException or ArgumentException)
        {
            throw ApiException.BadRequest(error.Message);
        }

        parsed = await reviews.AdmitAsync(call, parsed, parameters);
        var answer = await resource.CreateAsync(new UnstoredRequest(call.User, call.Info, parsed, parameters.DryRun), call.Cancel);
        await Responses.JsonAsync(call.Http, answer.Code, JsonSerializer.SerializeToUtf8Bytes(answer.Body));
    }
}
