using System.IO.Compression;
using System.Security.Cryptography;
using GrainKube.ApiMachinery.Errors;
using GrainKube.ApiServer.Aggregation;
using GrainKube.ApiServer.Endpoints;
using GrainKube.ApiServer.Negotiation;
using GrainKube.ApiServer.Pipeline;
using GrainKube.ApiServer.Requests;
using Microsoft.AspNetCore.Http;

namespace GrainKube.ApiServer.OpenApi;

/// <summary>GET of <c>/openapi/v2</c>, <c>/openapi/v3</c> and <c>/openapi/v3/PATH</c>.</summary>
internal sealed class OpenApiEndpoint(OpenApiDocuments documents, ExtensionDiscovery others, ExtensionSwagger swagger, ExtensionProxy proxy) : IPathEndpoint
{
    private const string V2Protobuf = "application/com.github.proto-openapi.spec.v2.v1.0+protobuf";

    // What clients ask for; as a type of an answer Go's own parser refuses it because of the at sign.
    private const string V2ProtobufAsked = "application/com.github.proto-openapi.spec.v2@v1.0+protobuf";
    private const string V3Root = "/openapi/v3/";

    public IEnumerable<string> Paths => ["/openapi/v2", "/openapi/v3", "/openapi/v3/"];

    public bool Serves(string path) => path is "/openapi/v2" or "/openapi/v3" || path.StartsWith(V3Root, StringComparison.Ordinal);

    public async Task GetAsync(HttpContext context, string path)
    {
        var elsewhere = await others.CurrentAsync(context.RequestAborted);
        if (path == "/openapi/v2")
        {
            await V2Async(context, elsewhere);
            return;
        }

        if (path is "/openapi/v3" or V3Root)
        {
            await SendAsync(context, documents.IndexWith(elsewhere), Renderings.Json, null);
            return;
        }

        path = path[V3Root.Length..];
        if (elsewhere.Source.Extensions.FirstOrDefault(api => path == $"apis/{api.Group}/{api.Version}") is { } extension)
        {
            await proxy.ForwardAsync(context, extension, RequestState.Of(context).User!, redirects: true);
            return;
        }

        await V3Async(context, path);
    }

    private Task V3Async(HttpContext context, string path)
    {
        if (documents.V3(path) is not var (document, hash))
        {
            return Responses.TextAsync(context, 404, "404 page not found\n");
        }

        if (context.Request.Query.First("hash") is { Length: > 0 } wanted)
        {
            if (wanted != hash)
            {
                context.Response.Redirect($"{V3Root}{path}?hash={hash}", permanent: true);
                return Task.CompletedTask;
            }

            return SendAsync(context, document, Renderings.Json, hash, immutable: true);
        }

        return SendAsync(context, document, Renderings.Json, hash);
    }

    private async Task V2Async(HttpContext context, ExtensionPicture elsewhere)
    {
        foreach (var clause in Accept.Clauses(context.Request.Headers.Accept))
        {
            switch (clause.Split(';')[0].Trim())
            {
                case V2ProtobufAsked or V2Protobuf:
                    await SendAsync(context, await swagger.ProtobufAsync(elsewhere), V2Protobuf, null);
                    return;
                case "application/json" or "application/*" or "*/*":
                    await SendAsync(context, await swagger.JsonAsync(elsewhere), Renderings.Json, null);
                    return;
            }
        }

        await (context.Request.Headers.Accept.Count == 0
            ? SendAsync(context, await swagger.JsonAsync(elsewhere), Renderings.Json, null)
            : throw ApiException.NotAcceptable($"only the following media types are accepted: application/json, {V2Protobuf}"));
    }

    private static async Task SendAsync(HttpContext context, byte[] document, string type, string? hash, bool immutable = false)
    {
        var tag = $"\"{hash ?? Convert.ToHexString(SHA256.HashData(document))}\"";
        context.Response.Headers.ETag = tag;
        context.Response.Headers.Vary = "Accept";
        if (context.Request.Headers.IfNoneMatch.Contains(tag))
        {
            context.Response.StatusCode = 304;
            return;
        }

        Responses.Start(context, 200, type);
        if (immutable)
        {
            context.Response.Headers.CacheControl = "public, immutable";
        }

        if (Responses.AcceptsGzip(context.Request) && document.Length > 4096)
        {
            context.Response.Headers.ContentEncoding = "gzip";
            await using var gzip = new GZipStream(context.Response.BodyWriter.AsStream(leaveOpen: true), CompressionLevel.Fastest);
            await gzip.WriteAsync(document, context.RequestAborted);
            return;
        }

        context.Response.ContentLength = document.Length;
        await context.Response.BodyWriter.WriteAsync(document, context.RequestAborted);
    }
}
