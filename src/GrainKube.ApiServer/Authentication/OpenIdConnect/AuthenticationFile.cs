using System.Text;
using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Yaml;

namespace GrainKube.ApiServer.Authentication.OpenIdConnect;

/// <summary>Reads a file of kind <c>AuthenticationConfiguration</c> (<c>apiserver.config.k8s.io</c>).</summary>
public static class AuthenticationFile
{
    private const string Group = "apiserver.config.k8s.io/";

    /// <summary>The options with what the file says in them.</summary>
    /// <exception cref="FormatException">The file is no such thing, or says something that cannot be.</exception>
    public static AuthenticationOptions Read(string yaml, AuthenticationOptions options)
    {
        var file = YamlFile.Parse(Encoding.UTF8.GetBytes(yaml), "the authentication configuration cannot be read");
        if (Text(file, "kind") != "AuthenticationConfiguration" || !Text(file, "apiVersion").StartsWith(Group, StringComparison.Ordinal))
        {
            throw new FormatException($"no kind \"{Text(file, "kind")}\" is registered for version \"{Text(file, "apiVersion")}\"; want AuthenticationConfiguration of {Group}v1");
        }

        IReadOnlyList<JwtIssuer> issuers = [.. Objects(file, "jwt").Select(Issuer)];
        if (issuers.GroupBy(i => i.Url).FirstOrDefault(g => g.Count() > 1) is { } twice)
        {
            throw new FormatException($"jwt: issuer.url: Duplicate value: \"{twice.Key}\"");
        }

        foreach (var issuer in issuers)
        {
            _ = new ClaimsReader(issuer);
        }

        var anonymous = file["anonymous"] as JsonObject;
        return options with
        {
            Issuers = [.. options.Issuers, .. issuers],
            Anonymous = anonymous is null ? options.Anonymous : (bool?)anonymous["enabled"] ?? false,
            AnonymousPaths = Objects(anonymous, "conditions").Select(c => Text(c, "path")).ToArray() is { Length: > 0 } paths ? paths : options.AnonymousPaths,
        };
    }

    private static JwtIssuer Issuer(JsonObject jwt, int index)
    {
        var place = $"jwt[{index}]";
        var issuer = jwt["issuer"] as JsonObject;
        var mappings = jwt["claimMappings"] as JsonObject;
        var url = Text(issuer, "url");
        if (!Uri.TryCreate(url, UriKind.Absolute, out var address) || address.Scheme != "https")
        {
            throw new FormatException($"{place}.issuer.url: Invalid value: \"{url}\": URL scheme must be https");
        }

        var audiences = Texts(issuer, "audiences");
        var username = Mapped(mappings, "username") ?? throw new FormatException($"{place}.claimMappings.username: Required value: claim or expression is required");
        return audiences.Count == 0 ? throw new FormatException($"{place}.issuer.audiences: Required value: at least one {place}.issuer.audiences is required") : new JwtIssuer
        {
            Url = url,
            DiscoveryUrl = Text(issuer, "discoveryURL"),
            CertificateAuthority = Text(issuer, "certificateAuthority"),
            Audiences = audiences,
            ClaimRules = [.. Objects(jwt, "claimValidationRules").Select(r => new ClaimRule(Text(r, "claim"), Text(r, "requiredValue"), Text(r, "expression"), Text(r, "message")))],
            Username = username,
            Groups = Mapped(mappings, "groups"),
            Uid = Mapped(mappings, "uid"),
            Extra = [.. Objects(mappings, "extra").Select(e => (Text(e, "key"), Text(e, "valueExpression")))],
            UserRules = [.. Objects(jwt, "userValidationRules").Select(r => (Text(r, "expression"), Text(r, "message")))],
        };
    }

    private static MappedClaim? Mapped(JsonObject? mappings, string name)
    {
        var mapped = mappings?[name] as JsonObject;
        var (claim, expression) = (Text(mapped, "claim"), Text(mapped, "expression"));
        return claim.Length > 0 && expression.Length > 0 ? throw new FormatException($"claimMappings.{name}: Invalid value: \"\": claim and expression can't both be set")
            : claim.Length + expression.Length == 0 ? null
            : new MappedClaim(claim, Text(mapped, "prefix"), expression);
    }

    private static IEnumerable<JsonObject> Objects(JsonObject? item, string field) => (item?[field] as JsonArray ?? []).OfType<JsonObject>();

    private static IReadOnlyList<string> Texts(JsonObject? item, string field) => [.. (item?[field] as JsonArray ?? []).OfType<JsonValue>().Select(v => v.TryGetValue(out string? text) ? text : "")];

    private static string Text(JsonObject? item, string field) => item?[field] is JsonValue value && value.TryGetValue(out string? text) ? text : "";
}
