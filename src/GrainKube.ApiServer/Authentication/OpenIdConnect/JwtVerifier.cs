using System.Buffers.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using GrainKube.Security.Tokens;
using Microsoft.Extensions.Options;

namespace GrainKube.ApiServer.Authentication.OpenIdConnect;

/// <summary>Knows the tokens of the issuers that are believed.</summary>
internal sealed class JwtVerifier : ITokenVerifier, IDisposable
{
    private static readonly TimeSpan Leeway = TimeSpan.FromMinutes(5);
    private readonly TimeProvider time;
    private readonly Dictionary<string, (JwtIssuer Issuer, IssuerKeys Keys, ClaimsReader Reader)> issuers;

    public JwtVerifier(IOptions<AuthenticationOptions> options, TimeProvider time)
        : this(options.Value.Issuers, time, IssuerKeys.HandlerFor)
    {
    }

    /// <exception cref="FormatException">An expression of an issuer is wrong.</exception>
    internal JwtVerifier(IEnumerable<JwtIssuer> issuers, TimeProvider time, Func<JwtIssuer, HttpMessageHandler> handlers)
    {
        this.time = time;
        this.issuers = issuers.ToDictionary(i => i.Url, i => (i, new IssuerKeys(i, handlers(i), time), new ClaimsReader(i)));
    }

    public async ValueTask<VerifiedToken?> VerifyAsync(string token, IReadOnlyList<string> audiences, CancellationToken cancel)
    {
        if (issuers.Count == 0 || token.Split('.') is not [var head, var body, var signature] || Parse(body) is not { } claims || !issuers.TryGetValue(Text(claims, "iss"), out var known))
        {
            return null;
        }

        if (Audiences.OfServer(audiences) is not { Count: > 0 } shared)
        {
            return null;
        }

        await CheckSignatureAsync(known.Issuer, known.Keys, Parse(head) ?? [], $"{head}.{body}", signature, cancel);
        CheckTimes(claims);
        if (!known.Issuer.Audiences.Any(AudiencesOf(claims).Contains))
        {
            throw Wrong($"expected audience in [{string.Join(" ", known.Issuer.Audiences.Select(a => $"\"{a}\""))}] got [{string.Join(" ", AudiencesOf(claims).Select(a => $"\"{a}\""))}]");
        }

        return new VerifiedToken(known.Reader.Read(claims), shared);
    }

    public void Dispose()
    {
        foreach (var (_, keys, _) in issuers.Values)
        {
            keys.Dispose();
        }
    }

    private static async Task CheckSignatureAsync(JwtIssuer issuer, IssuerKeys keys, JsonObject head, string signed, string signature, CancellationToken cancel)
    {
        var algorithm = Text(head, "alg");
        if (!issuer.Algorithms.Contains(algorithm))
        {
            throw Wrong($"malformed jwt: unexpected signature algorithm \"{algorithm}\"; expected [{string.Join(" ", issuer.Algorithms)}]");
        }

        IReadOnlyList<JwtKey> candidates;
        try
        {
            candidates = await keys.FindAsync(Text(head, "kid"), cancel);
        }
        catch (HttpRequestException silent)
        {
            throw new InvalidTokenException($"oidc: authenticator not initialized: {silent.Message}");
        }

        if (!Base64Url.IsValid(signature) || !candidates.Any(key => key.Verifies(algorithm, signed, Base64Url.DecodeFromChars(signature))))
        {
            throw Wrong("failed to verify signature: failed to verify id token signature");
        }
    }

    private void CheckTimes(JsonObject claims)
    {
        var now = time.GetUtcNow();
        if (Time(claims, "exp") is not { } expires || now >= expires)
        {
            throw Wrong($"oidc: token is expired (Token Expiry: {Time(claims, "exp")?.UtcDateTime:yyyy-MM-dd HH:mm:ss} +0000 UTC)");
        }

        if (Time(claims, "nbf") is { } begins && now + Leeway < begins)
        {
            throw Wrong($"current time {now.UtcDateTime:yyyy-MM-dd HH:mm:ss} +0000 UTC before the nbf (not before) time: {begins.UtcDateTime:yyyy-MM-dd HH:mm:ss} +0000 UTC");
        }
    }

    private static InvalidTokenException Wrong(string why) => new($"oidc: verify token: {why}");

    private static IReadOnlyList<string> AudiencesOf(JsonObject claims) =>
        claims["aud"] is JsonArray list ? [.. list.OfType<JsonValue>().Select(v => v.TryGetValue(out string? text) ? text : "")] : [Text(claims, "aud")];

    private static DateTimeOffset? Time(JsonObject claims, string name) =>
        claims[name] is JsonValue value && value.TryGetValue(out double seconds) && seconds is > 0 and < 253402300800 ? DateTimeOffset.FromUnixTimeSeconds((long)seconds) : null;

    private static string Text(JsonObject item, string name) => item[name] is JsonValue value && value.TryGetValue(out string? text) ? text : "";

    private static JsonObject? Parse(string part)
    {
        try
        {
            return Base64Url.IsValid(part) ? JsonNode.Parse(Base64Url.DecodeFromChars(part)) as JsonObject : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
