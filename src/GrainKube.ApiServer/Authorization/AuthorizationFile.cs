using System.Text;
using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Durations;
using GrainKube.ApiMachinery.Yaml;
using GrainKube.ApiServer.Authentication.OutsideReviews;
using GrainKube.ApiServer.Authorization.Outside;

namespace GrainKube.ApiServer.Authorization;

/// <summary>Reads a file of kind <c>AuthorizationConfiguration</c> (<c>apiserver.config.k8s.io</c>).</summary>
public static class AuthorizationFile
{
    private const string Group = "apiserver.config.k8s.io/";

    /// <exception cref="FormatException">The file is no such thing, or says something that cannot be.</exception>
    public static AuthorizationOptions Read(string yaml)
    {
        var file = YamlFile.Parse(Encoding.UTF8.GetBytes(yaml), "the authorization configuration cannot be read");
        if (ReviewSpec.Text(file, "kind") != "AuthorizationConfiguration" || !ReviewSpec.Text(file, "apiVersion").StartsWith(Group, StringComparison.Ordinal))
        {
            throw new FormatException($"no kind \"{ReviewSpec.Text(file, "kind")}\" is registered for version \"{ReviewSpec.Text(file, "apiVersion")}\"; want AuthorizationConfiguration of {Group}v1");
        }

        AuthorizationStep[] steps = [.. (file["authorizers"] as JsonArray ?? []).OfType<JsonObject>().Select(Step)];
        return steps.Length == 0 ? throw new FormatException("authorizers: Required value: at least one authorization mode must be defined")
            : steps.Where(s => s.Mode != AuthorizationMode.Webhook).GroupBy(s => s.Mode).FirstOrDefault(g => g.Count() > 1) is { } twice
                ? throw new FormatException($"authorizers: Duplicate value: \"{twice.Key}\"")
                : new AuthorizationOptions { Steps = steps };
    }

    /// <summary>Reads the name of a mode as upstream writes it.</summary>
    /// <exception cref="FormatException">There is no such mode.</exception>
    public static AuthorizationMode ModeOf(string name) => name switch
    {
        "Node" => AuthorizationMode.Node,
        "RBAC" => AuthorizationMode.Rbac,
        "Webhook" => AuthorizationMode.Webhook,
        "AlwaysAllow" => AuthorizationMode.AlwaysAllow,
        "AlwaysDeny" => AuthorizationMode.AlwaysDeny,
        _ => throw new FormatException($"'{name}' is none of Node, RBAC, Webhook, AlwaysAllow and AlwaysDeny"),
    };

    private static AuthorizationStep Step(JsonObject authorizer, int index)
    {
        var mode = ModeOf(ReviewSpec.Text(authorizer, "type"));
        return mode == AuthorizationMode.Webhook
            ? new AuthorizationStep(mode, Webhook(authorizer["webhook"] as JsonObject ?? throw new FormatException($"authorizers[{index}].webhook: Required value: required when type=Webhook"), $"authorizers[{index}].webhook"))
            : new AuthorizationStep(mode);
    }

    private static AccessWebhook Webhook(JsonObject webhook, string place)
    {
        var policy = ReviewSpec.Text(webhook, "failurePolicy");
        if (policy is not ("NoOpinion" or "Deny"))
        {
            throw new FormatException($"{place}.failurePolicy: Unsupported value: \"{policy}\": supported values: \"Deny\", \"NoOpinion\"");
        }

        var connection = webhook["connectionInfo"] as JsonObject;
        if (ReviewSpec.Text(connection, "type") != "KubeConfigFile" || ReviewSpec.Text(connection, "kubeConfigFile") is not { Length: > 0 } file)
        {
            throw new FormatException($"{place}.connectionInfo: only the type KubeConfigFile, with a kubeConfigFile, is known");
        }

        string[] conditions = [.. (webhook["matchConditions"] as JsonArray ?? []).OfType<JsonObject>().Select(c => ReviewSpec.Text(c, "expression"))];
        _ = new AccessConditions(conditions);
        return new AccessWebhook
        {
            Service = ReviewWebhook.Load(file, ReviewSpec.Text(webhook, "subjectAccessReviewVersion") is { Length: > 0 } version ? version : "v1"),
            AllowedFor = Lifetime(webhook, "authorizedTTL", "cacheAuthorizedRequests", TimeSpan.FromMinutes(5), place),
            RefusedFor = Lifetime(webhook, "unauthorizedTTL", "cacheUnauthorizedRequests", TimeSpan.FromSeconds(30), place),
            FailsClosed = policy == "Deny",
            MatchConditions = conditions,
        };
    }

    private static TimeSpan Lifetime(JsonObject webhook, string field, string caches, TimeSpan preset, string place) =>
        webhook[caches] is JsonValue value && value.TryGetValue(out bool cached) && !cached ? TimeSpan.Zero
        : ReviewSpec.Text(webhook, field) is not { Length: > 0 } text ? preset
        : GoDuration.TryParse(text, out var given) && given >= TimeSpan.Zero ? given
        : throw new FormatException($"{place}.{field}: Invalid value: \"{text}\": not a duration");
}
