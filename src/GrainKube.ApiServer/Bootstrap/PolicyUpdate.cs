using System.Text.Json;
using System.Text.Json.Nodes;
using GrainKube.Security.Rbac;

namespace GrainKube.ApiServer.Bootstrap;

/// <summary>What must be added to a role or binding so that the cluster's own parts keep working after an upgrade or a careless edit. Nothing that an administrator added is taken away.</summary>
internal static class PolicyUpdate
{
    /// <summary>Set to <c>false</c> by administrators who want to keep their version.</summary>
    public const string AutoUpdate = "rbac.authorization.kubernetes.io/autoupdate";

    /// <summary>A merge patch, or null where nothing is missing.</summary>
    public static JsonObject? PatchFor(JsonObject wanted, JsonObject current)
    {
        if ((string?)current["metadata"]?["annotations"]?[AutoUpdate] == "false")
        {
            return null;
        }

        var patch = new JsonObject();
        var metadata = new JsonObject();
        AddMissing(metadata, "labels", wanted, current);
        AddMissing(metadata, "annotations", wanted, current);
        if (metadata.Count > 0)
        {
            patch["metadata"] = metadata;
        }

        if (wanted["aggregationRule"] is JsonObject aggregation)
        {
            if (Extended(aggregation["clusterRoleSelectors"], current["aggregationRule"]?["clusterRoleSelectors"]) is { } selectors)
            {
                patch["aggregationRule"] = new JsonObject { ["clusterRoleSelectors"] = selectors };
            }
        }
        else if (wanted["rules"] is not null)
        {
            var missing = RuleCoverage.Missing(Rules(current), Rules(wanted));
            if (missing.Count > 0)
            {
                patch["rules"] = new JsonArray([.. (current["rules"] as JsonArray ?? []).Select(r => r!.DeepClone()), .. missing.Select(r => r.ToJson())]);
            }
        }
        else if (Extended(wanted["subjects"], current["subjects"]) is { } subjects)
        {
            patch["subjects"] = subjects;
        }

        return patch.Count == 0 ? null : patch;
    }

    /// <summary>A binding's role can never be changed; a binding to another role must be made anew.</summary>
    public static bool MustBeReplaced(JsonObject wanted, JsonObject current) =>
        wanted["roleRef"] is JsonObject role
        && (string?)current["metadata"]?["annotations"]?[AutoUpdate] != "false"
        && ((string?)current["roleRef"]?["kind"] != (string?)role["kind"] || (string?)current["roleRef"]?["name"] != (string?)role["name"]);

    private static void AddMissing(JsonObject patch, string field, JsonObject wanted, JsonObject current)
    {
        foreach (var (key, value) in wanted["metadata"]![field]!.AsObject())
        {
            if (!JsonNode.DeepEquals(current["metadata"]?[field]?[key], value))
            {
                patch[field] ??= new JsonObject();
                patch[field]![key] = value?.DeepClone();
            }
        }
    }

    private static JsonArray? Extended(JsonNode? wanted, JsonNode? current)
    {
        var there = current as JsonArray ?? [];
        var missing = (wanted as JsonArray ?? []).Where(w => !there.Any(t => Same(w!, t))).ToArray();
        return missing.Length == 0 ? null : new JsonArray([.. there.Select(t => t!.DeepClone()), .. missing.Select(m => m!.DeepClone())]);
    }

    private static bool Same(JsonNode wanted, JsonNode? there) => wanted.AsObject().All(field => JsonNode.DeepEquals(field.Value, there?[field.Key]));

    private static IReadOnlyList<PolicyRule> Rules(JsonObject role)
    {
        using var json = JsonDocument.Parse(role.ToJsonString());
        return PolicyRule.ListFrom(json.RootElement);
    }
}
