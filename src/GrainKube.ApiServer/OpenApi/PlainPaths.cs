using System.Text.Json.Nodes;

namespace GrainKube.ApiServer.OpenApi;

/// <summary>The paths that lead to no object and that the document of version 2 has: the version, and what says who signs the tokens of service accounts.</summary>
internal static class PlainPaths
{
    public const string VersionInfo = "io.k8s.apimachinery.pkg.version.Info";

    private static readonly string[] Required = ["major", "minor", "gitVersion", "gitCommit", "gitTreeState", "buildDate", "goVersion", "compiler", "platform"];
    private static readonly string[] Optional = ["emulationMajor", "emulationMinor", "minCompatibilityMajor", "minCompatibilityMinor"];

    /// <summary>The operations by path.</summary>
    /// <param name="version">Refers to the definition of <see cref="VersionInfo"/>.</param>
    public static IEnumerable<(string Path, JsonObject Item)> All(JsonObject version) =>
    [
        ("/version/", Get("get the version of the code that is running", "version", "getCodeVersion", ["application/json"], ["application/json"], version)),
        (
            "/.well-known/openid-configuration/",
            Get("get service account issuer OpenID configuration, also known as the 'OIDC discovery doc'", "WellKnown", "getServiceAccountIssuerOpenIDConfiguration", [], ["application/json"], Text())
        ),
        (
            "/openid/v1/jwks/",
            Get("get service account issuer OpenID JSON Web Key Set (contains public token verification keys)", "openid", "getServiceAccountIssuerOpenIDKeyset", [], ["application/jwk-set+json"], Text())
        ),
    ];

    /// <summary>What <c>/version</c> answers with.</summary>
    public static JsonObject VersionDefinition() => new()
    {
        ["description"] = "Info says which version of the code is running, and how it was built.",
        ["type"] = "object",
        ["required"] = Texts(Required),
        ["properties"] = new JsonObject(Required.Concat(Optional).Order(StringComparer.Ordinal).Select(name => KeyValuePair.Create(name, (JsonNode?)Text()))),
    };

    private static JsonObject Get(string description, string tag, string id, string[] consumes, string[] produces, JsonObject answer)
    {
        var operation = new JsonObject { ["description"] = description };
        if (consumes.Length > 0)
        {
            operation["consumes"] = Texts(consumes);
        }

        operation["produces"] = Texts(produces);
        operation["schemes"] = new JsonArray("https");
        operation["tags"] = new JsonArray(tag);
        operation["operationId"] = id;
        operation["responses"] = new JsonObject
        {
            ["200"] = new JsonObject { ["description"] = "OK", ["schema"] = answer },
            ["401"] = new JsonObject { ["description"] = "Unauthorized" },
        };
        return new JsonObject { ["get"] = operation };
    }

    private static JsonObject Text() => new() { ["type"] = "string" };

    private static JsonArray Texts(string[] texts) => [.. texts.Select(text => (JsonNode)text)];
}
