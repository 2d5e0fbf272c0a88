using GrainKube.ApiMachinery.Errors;
using GrainKube.ApiMachinery.Objects;
using GrainKube.ApiServer.Endpoints;
using GrainKube.ApiServer.Pipeline;
using GrainKube.ApiServer.Streaming;
using GrainKube.Objects.Nodes;
using Microsoft.AspNetCore.Http;

namespace GrainKube.ApiServer.Proxying;

/// <summary><c>nodes/NAME[:10250]/proxy</c>: the kubelet's own paths. There is no kubelet port; its grain answers.</summary>
internal sealed class NodeProxyEndpoint(GetEndpoint get, IGrainFactory grains) : IStreamEndpoint
{
    private const string KubeletPort = "10250";

    public GroupResource Resource => new("", "nodes");
    public string Subresource => "proxy";

    public async Task InvokeAsync(ResourceCall call)
    {
        var name = ProxyName.Parse(call.Info.Name) ?? throw ApiException.BadRequest($"invalid node request \"{call.Info.Name}\"");
        var node = await get.FindAsync(call with { Info = call.Info with { Name = name.Name } });
        if (name.Port is not ("" or KubeletPort))
        {
            throw ApiException.ServiceUnavailable($"error trying to reach service: only the kubelet of node \"{node.Header.Name}\" is reached this way, at port {KubeletPort}");
        }

        if (!HttpMethods.IsGet(call.Http.Request.Method) && !HttpMethods.IsHead(call.Http.Request.Method))
        {
            throw ApiException.MethodNotAllowed();
        }

        var path = ProxyPath.Of(call);
        var answer = await grains.GetGrain<IKubeletGrain>(node.Header.Name).AskAsync(Uri.UnescapeDataString(path.Path), call.Cancel);
        Responses.Start(call.Http, answer.Code, answer.ContentType);
        call.Http.Response.ContentLength = answer.Body.Length;
        if (!HttpMethods.IsHead(call.Http.Request.Method))
        {
            await call.Http.Response.BodyWriter.WriteAsync(answer.Body, call.Cancel);
        }
    }
}
