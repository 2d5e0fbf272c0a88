using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace GrainKube.Security.Tokens;

/// <summary>Signs service-account tokens and publishes the key they are checked with.</summary>
public sealed class TokenIssuer(TokenKey key)
{
    /// <summary>The issuer that tokens carry, and the audience of the API server itself.</summary>
    public const string Issuer = "https://kubernetes.default.svc.cluster.local";

    internal TokenKey Key => key;

    /// <summary>Names the key: a hash of its public half, as upstream derives it.</summary>
    public string KeyId { get; } = Base64Url.EncodeToString(SHA256.HashData(key.ExportSubjectPublicKeyInfo()));

    public string Sign(TokenClaims claims) => JsonWebToken.Sign(ClaimsJson.Write(claims), key, KeyId);

    /// <summary>The document at <c>/openid/v1/jwks</c>.</summary>
    public JsonObject KeySet()
    {
        var published = key.ToPublished();
        (published["use"], published["kid"], published["alg"]) = ("sig", KeyId, key.Algorithm);
        return new JsonObject { ["keys"] = new JsonArray(published) };
    }

    /// <summary>The document at <c>/.well-known/openid-configuration</c>.</summary>
    /// <param name="server">How clients reach this server, for the address of the key set.</param>
    public JsonObject Discovery(Uri server) => new()
    {
        ["issuer"] = Issuer,
        ["jwks_uri"] = new Uri(server, "/openid/v1/jwks").ToString(),
        ["response_types_supported"] = new JsonArray("id_token"),
        ["subject_types_supported"] = new JsonArray("public"),
        ["id_token_signing_alg_values_supported"] = new JsonArray(key.Algorithm),
    };
}
