using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Cel;
using GrainKube.ApiMachinery.Cel.Values;
using GrainKube.ApiMachinery.Identity;
using GrainKube.Security.Tokens;

namespace GrainKube.ApiServer.Authentication.OpenIdConnect;

/// <summary>Makes a user of the claims of a token whose signature is good. Pure.</summary>
internal sealed class ClaimsReader
{
    private readonly JwtIssuer issuer;
    private readonly (ClaimRule Rule, JwtExpression? Expression)[] rules;
    private readonly JwtExpression? username;
    private readonly JwtExpression? groups;
    private readonly JwtExpression? uid;
    private readonly (string Key, JwtExpression Expression)[] extra;
    private readonly (JwtExpression Expression, string Text, string Message)[] userRules;

    /// <exception cref="FormatException">An expression of the options is wrong.</exception>
    public ClaimsReader(JwtIssuer issuer)
    {
        var texts = CelType.ListOf(CelType.String);
        this.issuer = issuer;
        rules = [.. issuer.ClaimRules.Select(r => (r, r.Expression.Length > 0 ? JwtExpression.OverClaims(r.Expression, CelType.Bool) : null))];
        username = Expression(issuer.Username, CelType.String);
        groups = Expression(issuer.Groups, CelType.String, texts);
        uid = Expression(issuer.Uid, CelType.String);
        extra = [.. issuer.Extra.Select(e => (e.Key, JwtExpression.OverClaims(e.Expression, CelType.String, texts)))];
        userRules = [.. issuer.UserRules.Select(r => (JwtExpression.OverUser(r.Expression), r.Expression, r.Message))];
    }

    /// <exception cref="InvalidTokenException">A claim is missing, of a wrong type, or not what it must be.</exception>
    public UserInfo Read(JsonObject claims)
    {
        foreach (var (rule, expression) in rules)
        {
            Demand(rule, expression, claims);
        }

        var facts = new Dictionary<string, IReadOnlyList<string>>();
        foreach (var (key, expression) in extra)
        {
            if (Texts(expression.Of(claims), key) is { Count: > 0 } values)
            {
                facts[key] = values;
            }
        }

        if (Text(claims, "jti") is { Length: > 0 } id)
        {
            facts["authentication.kubernetes.io/credential-id"] = [$"JTI={id}"];
        }

        var user = new UserInfo
        {
            Name = username is null ? ByClaim(claims) : ByExpression(username, claims, "username"),
            Uid = uid is not null ? ByExpression(uid, claims, "uid") : issuer.Uid is { Claim.Length: > 0 } named ? Required(claims, named.Claim) : "",
            Groups = Groups(claims),
            Extra = facts,
        };
        if (user.Name.Length == 0)
        {
            throw new InvalidTokenException("oidc: username claim is empty");
        }

        foreach (var (expression, text, message) in userRules)
        {
            if (!expression.Of(Authentication.UserJson.Of(user)).IsTrue)
            {
                throw new InvalidTokenException($"oidc: error evaluating user info validation rule: {Failure(text, message)}");
            }
        }

        return user;
    }

    private static void Demand(ClaimRule rule, JwtExpression? expression, JsonObject claims)
    {
        if (expression is not null)
        {
            if (!expression.Of(claims).IsTrue)
            {
                throw new InvalidTokenException($"oidc: error evaluating claim validation expression: {Failure(rule.Expression, rule.Message)}");
            }

            return;
        }

        if (claims[rule.Claim] is null)
        {
            throw new InvalidTokenException($"oidc: required claim {rule.Claim} not present in ID token");
        }

        var value = claims[rule.Claim] is JsonValue given && given.TryGetValue(out string? text)
            ? text
            : throw new InvalidTokenException($"oidc: parse claim {rule.Claim}: not a string");
        if (value != rule.RequiredValue)
        {
            throw new InvalidTokenException($"oidc: required claim {rule.Claim} value does not match. Got = {value}, want = {rule.RequiredValue}");
        }
    }

    private static string Failure(string expression, string message) => $"validation expression '{expression}' failed{(message.Length > 0 ? $": {message}" : "")}";

    private string ByClaim(JsonObject claims)
    {
        var name = Required(claims, issuer.Username.Claim);

        // An address that its owner has not confirmed could be anybody's.
        if (issuer.Username.Claim == "email" && claims["email_verified"] is { } verified && !(verified is JsonValue value && value.TryGetValue(out bool yes) && yes))
        {
            throw new InvalidTokenException("oidc: email not verified");
        }

        return issuer.Username.Prefix + name;
    }

    private IReadOnlyList<string> Groups(JsonObject claims)
    {
        if (groups is not null)
        {
            return Texts(groups.Of(claims), "groups");
        }

        if (issuer.Groups is not { Claim.Length: > 0 } named || claims[named.Claim] is not { } given)
        {
            return [];
        }

        var values = given is JsonArray array ? array.ToArray() : [given];
        return [.. values.Select(v => named.Prefix + (v is JsonValue value && value.TryGetValue(out string? text)
            ? text
            : throw new InvalidTokenException($"oidc: parse groups claim \"{named.Claim}\": not a list of strings")))];
    }

    private static string ByExpression(JwtExpression expression, JsonObject claims, string what) => expression.Of(claims) is { Kind: CelKind.String } value
        ? value.AsString
        : throw new InvalidTokenException($"oidc: error evaluating {what} claim expression: it is no string");

    private static string Required(JsonObject claims, string claim) => claims[claim] switch
    {
        null => throw new InvalidTokenException($"oidc: parse username claims \"{claim}\": claim not present"),
        JsonValue value when value.TryGetValue(out string? text) => text,
        _ => throw new InvalidTokenException($"oidc: parse username claims \"{claim}\": not a string"),
    };

    private static IReadOnlyList<string> Texts(CelValue value, string what) => value.Kind switch
    {
        CelKind.Null => [],
        CelKind.String => value.AsString.Length == 0 ? [] : [value.AsString],
        CelKind.List when CelJson.TryWrite(value, out var list) && list is JsonArray array && array.All(v => v is JsonValue text && text.TryGetValue(out string? _)) =>
            [.. array.Select(v => (string)v!).Where(v => v.Length > 0)],
        _ => throw new InvalidTokenException($"oidc: expression for {what} must return a string or a list of strings"),
    };

    private static string Text(JsonObject claims, string name) => claims[name] is JsonValue value && value.TryGetValue(out string? text) ? text : "";

    private static JwtExpression? Expression(MappedClaim? mapped, params CelType[] allowed) => mapped is { Expression.Length: > 0 } ? JwtExpression.OverClaims(mapped.Expression, allowed) : null;
}
