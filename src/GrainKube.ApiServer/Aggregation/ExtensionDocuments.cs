using System.Text.Json;
using System.Text.Json.Nodes;

namespace GrainKube.ApiServer.Aggregation;

/// <summary>What one server says of its APIs.</summary>
internal static class ExtensionDocuments
{
    /// <summary>Entries of an <c>APIGroupDiscoveryList</c>, by group and version.</summary>
    /// <exception cref="JsonException">It is none.</exception>
    public static Dictionary<(string Group, string Version), JsonObject> FromAggregated(byte[] body)
    {
        var found = new Dictionary<(string, string), JsonObject>();
        foreach (var group in Items(Parse(body)["items"]))
        {
            foreach (var version in Items(group["versions"]))
            {
                // Clients of old fall over a kind that is not there.
                foreach (var resource in Items(version["resources"]))
                {
                    resource["responseKind"] ??= new JsonObject { ["group"] = "", ["version"] = "", ["kind"] = "" };
                }

                found[(Text(group["metadata"]?["name"]), Text(version["version"]))] = (JsonObject)version.DeepClone();
            }
        }

        return found;
    }

    /// <summary>An <c>APIResourceList</c> as an entry of the aggregated document.</summary>
    /// <exception cref="JsonException">It is none.</exception>
    public static JsonObject FromResourceList(string group, string version, byte[] body)
    {
        var entry = new JsonObject { ["version"] = version };
        var resources = new JsonArray();
        var byName = new Dictionary<string, JsonObject>(StringComparer.Ordinal);
        foreach (var resource in Items(Parse(body)["resources"]))
        {
            var parts = Text(resource["name"]).Split('/', 2);
            var kind = new JsonObject
            {
                ["group"] = resource["group"] is JsonValue ? Text(resource["group"]) : group,
                ["version"] = resource["version"] is JsonValue ? Text(resource["version"]) : version,
                ["kind"] = Text(resource["kind"]),
            };
            if (parts.Length == 2)
            {
                if (byName.TryGetValue(parts[0], out var parent))
                {
                    var subresources = parent["subresources"] as JsonArray ?? [];
                    parent["subresources"] ??= subresources;
                    subresources.Add((JsonNode)new JsonObject { ["subresource"] = parts[1], ["responseKind"] = kind, ["verbs"] = resource["verbs"]?.DeepClone() });
                }

                continue;
            }

            var made = new JsonObject
            {
                ["resource"] = parts[0],
                ["responseKind"] = kind,
                ["scope"] = (bool?)resource["namespaced"] == true ? "Namespaced" : "Cluster",
                ["singularResource"] = Text(resource["singularName"]),
                ["verbs"] = resource["verbs"]?.DeepClone(),
            };
            foreach (var list in (ReadOnlySpan<string>)["shortNames", "categories"])
            {
                if (resource[list] is JsonArray { Count: > 0 } texts)
                {
                    made[list] = texts.DeepClone();
                }
            }

            byName[parts[0]] = made;
            resources.Add((JsonNode)made);
        }

        entry["resources"] = resources;
        return entry;
    }

    /// <summary>The addresses of the documents of an index of OpenAPI 3, by path.</summary>
    /// <exception cref="JsonException">It is none.</exception>
    public static Dictionary<string, string> OpenApiPaths(byte[] body) => (Parse(body)["paths"] as JsonObject ?? []).ToDictionary(path => path.Key, path => Text(path.Value?["serverRelativeURL"]));

    private static JsonObject Parse(byte[] body) => JsonNode.Parse(body) as JsonObject ?? throw new JsonException("not an object");

    private static IEnumerable<JsonObject> Items(JsonNode? list) => (list as JsonArray)?.OfType<JsonObject>() ?? [];

    private static string Text(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : "";
}
