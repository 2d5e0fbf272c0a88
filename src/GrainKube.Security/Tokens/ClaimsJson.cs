using System.Text.Json;
using System.Text.Json.Nodes;
using GrainKube.Security.Identity;

namespace GrainKube.Security.Tokens;

/// <summary>The claims of a token as JSON.</summary>
internal static class ClaimsJson
{
    private const string Private = "kubernetes.io";

    public static byte[] Write(TokenClaims claims)
    {
        var bound = new JsonObject { ["namespace"] = claims.Namespace };
        Add(bound, "node", claims.Node);
        Add(bound, "pod", claims.Pod);
        Add(bound, "secret", claims.Secret);
        Add(bound, "serviceaccount", claims.ServiceAccount);
        if (claims.WarnAfter is { } warn)
        {
            bound["warnafter"] = warn.ToUnixTimeSeconds();
        }

        return JsonSerializer.SerializeToUtf8Bytes(new JsonObject
        {
            ["aud"] = new JsonArray([.. claims.Audiences.Select(a => (JsonNode)a)]),
            ["exp"] = claims.Expires.ToUnixTimeSeconds(),
            ["iat"] = claims.IssuedAt.ToUnixTimeSeconds(),
            ["iss"] = claims.Issuer,
            ["jti"] = claims.Id,
            [Private] = bound,
            ["nbf"] = claims.NotBefore.ToUnixTimeSeconds(),
            ["sub"] = WellKnown.ServiceAccountUser(claims.Namespace, claims.ServiceAccount.Name),
        });
    }

    /// <summary>Null where a claim that must be there is missing or of a wrong type.</summary>
    public static TokenClaims? Read(JsonElement json)
    {
        if (!json.TryGetProperty(Private, out var bound) || bound.ValueKind != JsonValueKind.Object
            || Text(bound, "namespace") is not { } ns
            || Object(bound, "serviceaccount") is not { } account
            || Time(json, "exp") is not { } expires
            || Text(json, "iss") is not { } issuer)
        {
            return null;
        }

        return new TokenClaims
        {
            Namespace = ns,
            ServiceAccount = account,
            Pod = Object(bound, "pod"),
            Secret = Object(bound, "secret"),
            Node = Object(bound, "node"),
            Audiences = Audiences(json),
            Expires = expires,
            IssuedAt = Time(json, "iat") ?? default,
            NotBefore = Time(json, "nbf") ?? default,
            WarnAfter = Time(bound, "warnafter"),
            Issuer = issuer,
            Id = Text(json, "jti") ?? "",
        };
    }

    public static string? Text(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static BoundObject? Object(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Object && Text(value, "name") is { } itsName
            ? new BoundObject(itsName, Text(value, "uid") ?? "")
            : null;

    private static DateTimeOffset? Time(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var seconds) && seconds is > 0 and < 253402300800
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : null;

    private static IReadOnlyList<string> Audiences(JsonElement json) => !json.TryGetProperty("aud", out var value) ? [] : value.ValueKind switch
    {
        JsonValueKind.String => [value.GetString()!],
        JsonValueKind.Array => [.. value.EnumerateArray().Where(a => a.ValueKind == JsonValueKind.String).Select(a => a.GetString()!)],
        _ => [],
    };

    private static void Add(JsonObject bound, string name, BoundObject? item)
    {
        if (item is not null)
        {
            bound[name] = new JsonObject { ["name"] = item.Name, ["uid"] = item.Uid };
        }
    }
}
