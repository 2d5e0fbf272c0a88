using System.Text.Json;
using System.Text.Json.Nodes;
using GrainKube.ApiServer.Endpoints;
using GrainKube.ApiServer.Negotiation;
using GrainKube.ApiServer.Pipeline;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace GrainKube.ApiServer.Discovery;

/// <summary>GET of <c>/api</c>, <c>/apis</c> and what lies below them down to a version.</summary>
internal sealed class DiscoveryEndpoint(DiscoveryDocuments documents, IOptions<ApiServerOptions> options) : IPathEndpoint
{
    public IEnumerable<string> Paths => documents.Last.Paths.Prepend("/api");

    public bool Serves(string path) => Clean(path) is var clean && (clean == "/api" || documents.Has(clean));

    public async Task GetAsync(HttpContext context, string path)
    {
        path = Clean(path);
        var current = await documents.CurrentAsync(context.RequestAborted);
        if (path is "/api" or "/apis")
        {
            context.Response.Headers.Vary = "Accept";
            if (AggregatedVersion(context.Request) is { } version)
            {
                await SendAsync(context, current.Aggregated(path, version), $"application/json;g=apidiscovery.k8s.io;v={version};as=APIGroupDiscoveryList");
                return;
            }
        }

        _ = Accept.Negotiate(context.Request, new Offer(HasRoutes: true));
        if (path == "/api")
        {
            await Responses.JsonAsync(context, 200, CoreVersions(context));
        }
        else if (current.ByPath.TryGetValue(path, out var document))
        {
            await Responses.JsonAsync(context, 200, document.Json);
        }
        else
        {
            // It went while other servers were asked.
            await Responses.TextAsync(context, 404, "404 page not found\n");
        }
    }

    private static string Clean(string path) => path.Length > 1 ? path.TrimEnd('/') : path;

    private static async Task SendAsync(HttpContext context, DiscoveryDocuments.Document document, string contentType)
    {
        context.Response.Headers.ETag = document.ETag;
        if (context.Request.Headers.IfNoneMatch.Contains(document.ETag))
        {
            context.Response.StatusCode = 304;
            return;
        }

        Responses.Start(context, 200, contentType);
        context.Response.Headers.CacheControl = "public";
        context.Response.ContentLength = document.Json.Length;
        await context.Response.BodyWriter.WriteAsync(document.Json, context.RequestAborted);
    }

    /// <summary>The version of the aggregated document that the client prefers to plain JSON, or null.</summary>
    private static string? AggregatedVersion(HttpRequest request)
    {
        foreach (var clause in Accept.Clauses(request.Headers.Accept))
        {
            var parts = clause.Split(';', StringSplitOptions.TrimEntries);
            if (parts[0] != "application/json")
            {
                continue;
            }

            if (!parts.Contains("as=APIGroupDiscoveryList"))
            {
                return null;
            }

            if (parts.Contains("g=apidiscovery.k8s.io") && AggregatedDiscovery.Versions.FirstOrDefault(v => parts.Contains($"v={v}")) is { } version)
            {
                return version;
            }
        }

        return null;
    }

    private byte[] CoreVersions(HttpContext context)
    {
        var address = options.Value.AdvertisedAddress;
        return JsonSerializer.SerializeToUtf8Bytes(new JsonObject
        {
            ["kind"] = "APIVersions",
            ["versions"] = new JsonArray("v1"),
            ["serverAddressByClientCIDRs"] = new JsonArray(new JsonObject
            {
                ["clientCIDR"] = "0.0.0.0/0", ["serverAddress"] = address.Length > 0 ? address : context.Request.Host.Value,
            }),
        });
    }
}
