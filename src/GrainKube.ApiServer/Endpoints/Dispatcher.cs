using System.Diagnostics.CodeAnalysis;
using GrainKube.ApiMachinery.Definitions;
using GrainKube.ApiMachinery.Errors;
using GrainKube.ApiServer.Aggregation;
using GrainKube.ApiServer.Pipeline;
using GrainKube.ApiServer.Requests;
using GrainKube.Objects.Cache;
using Microsoft.AspNetCore.Http;

namespace GrainKube.ApiServer.Endpoints;

/// <summary>Finds the verb for a request. Paths are read by hand: a hundred kinds that come and go would make a slow and stale route table.</summary>
internal sealed class Dispatcher(
    ResourceRegistry registry, WatchCache cache, Verbs verbs, Subresources subresources, ExtensionApis extensions, ExtensionProxy proxy, IEnumerable<IPathEndpoint> paths)
{
    private readonly IPathEndpoint[] paths = [.. paths];

    public async Task DispatchAsync(HttpContext context)
    {
        var state = RequestState.Of(context);
        var info = state.Info;
        if (IsElsewhere(info, out var api))
        {
            await proxy.ForwardAsync(context, api, state.User!);
            return;
        }

        if (!info.IsResourceRequest)
        {
            await PathAsync(context, info.Path);
            return;
        }

        if (!registry.TryFindServed(info.ApiGroup, info.ApiVersion, info.Resource, out var definition, out var version))
        {
            if (registry.All.Any(d => d.Versions.Any(v => v.IsServed && v.Group == info.ApiGroup && v.Version == info.ApiVersion)))
            {
                throw ApiException.NoSuchResource();
            }

            await PathAsync(context, info.Path);
            return;
        }

        if (definition.IsStored && await cache.KindWhenLoadedAsync(definition.GroupResource, context.RequestAborted) is null)
        {
            throw ApiException.NoSuchResource();
        }

        if (version.Warning is { } warning)
        {
            Responses.Warn(context, [warning]);
        }

        if (info.Parts.Count > 2 && info.Subresource != "proxy")
        {
            throw ApiException.NoSuchResource();
        }

        var call = new ResourceCall(context, info, state.User!, definition, version);
        if (definition.Names.Namespaced ? info.Namespace.Length == 0 && !IsAllowedEverywhere(call) : info.Namespace.Length > 0 && info.Resource != "namespaces")
        {
            throw definition.Names.Namespaced && !info.IsNamed ? ApiException.MethodNotAllowed() : ApiException.NoSuchResource();
        }

        await (info.Subresource.Length == 0 ? verbs.InvokeAsync(call) : subresources.InvokeAsync(call));
    }

    /// <summary>Also the document of such a version (<c>/apis/GROUP/VERSION</c>) has the server that serves it.</summary>
    private bool IsElsewhere(RequestInfo info, [NotNullWhen(true)] out ExtensionApi? api)
    {
        if (info.IsResourceRequest)
        {
            return extensions.TryFind(info.ApiGroup, info.ApiVersion, out api);
        }

        api = null;
        return extensions.Current.HasExtensions && info.Path.Split('/', StringSplitOptions.RemoveEmptyEntries) is ["apis", var group, var version] && extensions.TryFind(group, version, out api);
    }

    // Lists and watches go over all namespaces; questions that are never stored have their namespace in the body.
    private static bool IsAllowedEverywhere(ResourceCall call) => call.Info.Verb is "list" or "watch" && !call.Info.IsNamed;

    private Task PathAsync(HttpContext context, string path)
    {
        foreach (var endpoint in paths)
        {
            if (endpoint.Serves(path))
            {
                return HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method) ? endpoint.GetAsync(context, path) : throw ApiException.MethodNotAllowed();
            }
        }

        return Responses.TextAsync(context, 404, "404 page not found\n");
    }
}
