using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace GrainKube.Security.Tokens;

/// <summary>Signs service-account tokens and publishes the key they are checked with.</summary>
public sealed class TokenIssuer(ECDsa key)
{
    /// <summary>The issuer that tokens carry, and the audience of the API server itself.</summary>
    public const string Issuer = "https://kubernetes.default.svc.cluster.local";

    internal ECDsa Key => key;

    /// <summary>Names the key: a hash of its public half, as upstream derives it.</summary>
    public string KeyId { get; } = Base64Url.EncodeToString(SHA256.HashData(key.ExportSubjectPublicKeyInfo()));

    public string Sign(TokenClaims claims) => JsonWebToken.Sign(ClaimsJson.Write(claims), key, KeyId);

    /// <summary>The document at <c>/openid/v1/jwks</c>.</summary>
    public JsonObject KeySet()
    {
        var point = key.ExportParameters(includePrivateParameters: false).Q;
        return new JsonObject
        {
            ["keys"] = new JsonArray(new JsonObject
            {
                ["use"] = "sig",
                ["kty"] = "EC",
                ["kid"] = KeyId,
                ["crv"] = "P-256",
                ["alg"] = "ES256",
                ["x"] = Base64Url.EncodeToString(point.X),
                ["y"] = Base64Url.EncodeToString(point.Y),
            }),
        };
    }

    /// <summary>The document at <c>/.well-known/openid-configuration</c>.</summary>
    /// <param name="server">How clients reach this server, for the address of the key set.</param>
    public static JsonObject Discovery(Uri server) => new()
    {
        ["issuer"] = Issuer,
        ["jwks_uri"] = new Uri(server, "/openid/v1/jwks").ToString(),
        ["response_types_supported"] = new JsonArray("id_token"),
        ["subject_types_supported"] = new JsonArray("public"),
        ["id_token_signing_alg_values_supported"] = new JsonArray("ES256"),
    };
}
