using System.Text.Json;
using System.Text.Json.Nodes;
using GrainKube.Security.Identity;

namespace GrainKube.Security.Tokens;

/// <summary>The token in a Secret of type <c>kubernetes.io/service-account-token</c>. It has no end: it is good for as long as the Secret holds it.</summary>
/// <param name="Namespace">Of the Secret and the account.</param>
/// <param name="SecretName">The Secret.</param>
/// <param name="AccountName">The account.</param>
/// <param name="AccountUid">The account's uid.</param>
public sealed record LegacyToken(string Namespace, string SecretName, string AccountName, string AccountUid)
{
    private const string Issuer = "kubernetes/serviceaccount";
    private const string Prefix = "kubernetes.io/serviceaccount/";

    public string SignedBy(TokenIssuer issuer) => JsonWebToken.Sign(
        JsonSerializer.SerializeToUtf8Bytes(new JsonObject
        {
            ["iss"] = Issuer,
            [$"{Prefix}namespace"] = Namespace,
            [$"{Prefix}secret.name"] = SecretName,
            [$"{Prefix}service-account.name"] = AccountName,
            [$"{Prefix}service-account.uid"] = AccountUid,
            ["sub"] = WellKnown.ServiceAccountUser(Namespace, AccountName),
        }),
        issuer.Key,
        issuer.KeyId);

    /// <summary>What the token says, or null where it is none of this kind.</summary>
    /// <exception cref="InvalidTokenException">It claims to be of this kind and is not signed by this cluster.</exception>
    public static LegacyToken? Read(string token, TokenIssuer issuer)
    {
        using var payload = JsonWebToken.ReadPayload(token);
        if (payload is null || ClaimsJson.Text(payload.RootElement, "iss") != Issuer)
        {
            return null;
        }

        string Claim(string name) => ClaimsJson.Text(payload.RootElement, Prefix + name) is { Length: > 0 } text ? text : throw new InvalidTokenException($"{name} claim is missing");
        return JsonWebToken.IsSignedBy(token, issuer.Key)
            ? new LegacyToken(Claim("namespace"), Claim("secret.name"), Claim("service-account.name"), Claim("service-account.uid"))
            : throw new InvalidTokenException("invalid bearer token");
    }
}
