using GrainKube.ApiMachinery.Errors;
using GrainKube.ApiMachinery.Objects;
using GrainKube.ApiServer.Negotiation;
using GrainKube.ApiServer.Pipeline;
using GrainKube.ApiServer.Requests;
using GrainKube.Objects.Cache;

namespace GrainKube.ApiServer.Endpoints;

/// <summary>GET of one object: the cache's bytes go to the socket as they are.</summary>
internal sealed class GetEndpoint(WatchCache cache, Freshness freshness, Shaping shaping)
{
    public async Task InvokeAsync(ResourceCall call)
    {
        var item = await FindAsync(call);
        var json = call.Shape.Form == Form.Object ? VersionedJson.Of(item, call.Version) : shaping.One(call, item);
        await Responses.JsonAsync(call.Http, 200, json);
    }

    /// <summary>The object that the path names.</summary>
    /// <exception cref="ApiException">404.</exception>
    public async Task<KubeObject> FindAsync(ResourceCall call)
    {
        await freshness.WaitAsync(ListParameters.RevisionOf(call.Http.Request.Query.First("resourceVersion")), call.Cancel);
        cache.TryKind(call.Key.GroupResource)?.ThrowIfUnreadable(call.Key.Namespace, call.Key.Name);
        return cache.Get(call.Key) ?? throw ApiException.NotFound(call.Resource, call.Info.Name);
    }
}
