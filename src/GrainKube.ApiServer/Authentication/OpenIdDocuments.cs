using System.Text.Json;
using GrainKube.ApiServer.Endpoints;
using GrainKube.Security.Tokens;
using Microsoft.AspNetCore.Http;

namespace GrainKube.ApiServer.Authentication;

/// <summary>The two documents from which others learn to check service-account tokens.</summary>
internal sealed class OpenIdDocuments(TokenIssuer issuer) : IPathEndpoint
{
    private const string ConfigurationPath = "/.well-known/openid-configuration";
    private const string KeysPath = "/openid/v1/jwks";

    public IEnumerable<string> Paths => [ConfigurationPath, KeysPath];

    // With a slash behind it, too: so the paths stand in OpenAPI, and clients made from it ask so.
    public bool Serves(string path) => Clean(path) is ConfigurationPath or KeysPath;

    public async Task GetAsync(HttpContext context, string path)
    {
        var keys = Clean(path) == KeysPath;
        context.Response.ContentType = keys ? "application/jwk-set+json" : "application/json";
        context.Response.Headers.CacheControl = "public, max-age=3600";
        var document = keys ? issuer.KeySet() : issuer.Discovery(new Uri($"https://{context.Request.Host}"));
        await context.Response.Body.WriteAsync(JsonSerializer.SerializeToUtf8Bytes(document), context.RequestAborted);
    }

    private static string Clean(string path) => path.EndsWith('/') ? path[..^1] : path;
}
