using System.Text.Json;
using System.Text.Json.Nodes;
using GrainKube.ApiServer.Endpoints;
using GrainKube.ApiServer.Pipeline;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace GrainKube.ApiServer.Discovery;

/// <summary>GET of <c>/</c>: all paths that exist, in order.</summary>
internal sealed class RootEndpoint(IServiceProvider services) : IPathEndpoint
{
    public IEnumerable<string> Paths => [];

    public bool Serves(string path) => path is "/" or "/index.html";

    public Task GetAsync(HttpContext context, string path)
    {
        // Asked for late: this is one of them.
        var own = services.GetServices<IPathEndpoint>().SelectMany(endpoint => endpoint.Paths);
        var mapped = services.GetService<EndpointDataSource>()?.Endpoints.OfType<RouteEndpoint>().Select(route => "/" + route.RoutePattern.RawText?.TrimStart('/')) ?? [];
        var paths = own.Concat(mapped.Where(route => !route.Contains('{'))).Distinct().Order(StringComparer.Ordinal);
        var answer = new JsonObject { ["paths"] = new JsonArray([.. paths.Select(p => JsonValue.Create(p))]) };
        return Responses.JsonAsync(context, 200, JsonSerializer.SerializeToUtf8Bytes(answer));
    }
}
