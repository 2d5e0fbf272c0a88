using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Definitions;

namespace GrainKube.ApiServer.Discovery;

/// <summary>All groups, versions and kinds in one document (<c>APIGroupDiscoveryList</c>), which saves clients dozens of requests.</summary>
internal static class AggregatedDiscovery
{
    /// <summary>Versions of the document, newest first; clients up to 1.29 know only the beta, whose form is the same.</summary>
    public static readonly string[] Versions = ["v2", "v2beta1"];

    public static JsonObject Groups(string version, IEnumerable<ServedGroup> groups) => new()
    {
        ["kind"] = "APIGroupDiscoveryList",
        ["apiVersion"] = $"apidiscovery.k8s.io/{version}",
        ["metadata"] = new JsonObject(),
        ["items"] = new JsonArray([.. groups.Select(Group)]),
    };

    private static JsonNode Group(ServedGroup group)
    {
        var metadata = new JsonObject();
        if (group.Name.Length > 0)
        {
            metadata["name"] = group.Name;
        }

        return new JsonObject
        {
            ["metadata"] = metadata,
            ["versions"] = new JsonArray([.. group.Versions.Select(version => version.Elsewhere is { } told ? told.DeepClone() : Version(group.Name, version))]),
        };
    }

    private static JsonNode Version(string group, ServedGroupVersion version) => new JsonObject
    {
        ["version"] = version.Version,
        ["resources"] = new JsonArray([.. version.Definitions.Select(definition => Resource(group, version.Version, definition))]),
        ["freshness"] = "Current",
    };

    private static JsonObject Resource(string group, string version, ResourceDefinition definition)
    {
        var names = definition.Names;
        var made = new JsonObject
        {
            ["resource"] = names.Plural,
            ["responseKind"] = Kind(group, version, names.Kind),
            ["scope"] = names.Namespaced ? "Namespaced" : "Cluster",
            ["singularResource"] = names.Singular,
            ["verbs"] = Texts(definition.Verbs),
        };
        AddTexts(made, "shortNames", names.ShortNames);
        AddTexts(made, "categories", names.Categories);
        var subresources = new JsonArray();
        foreach (var sub in SubresourceNames.Of(definition))
        {
            subresources.Add((JsonNode)new JsonObject
            {
                ["subresource"] = sub.Name, ["responseKind"] = Kind(sub.Version is null ? group : sub.Group!, sub.Version ?? version, sub.Kind), ["verbs"] = Texts(sub.Verbs),
            });
        }

        if (subresources.Count > 0)
        {
            made["subresources"] = subresources;
        }

        return made;
    }

    private static JsonObject Kind(string group, string version, string kind) => new() { ["group"] = group, ["version"] = version, ["kind"] = kind };

    private static void AddTexts(JsonObject made, string name, IReadOnlyList<string> texts)
    {
        if (texts.Count > 0)
        {
            made[name] = Texts(texts);
        }
    }

    private static JsonArray Texts(IEnumerable<string> texts) => new([.. texts.Select(text => JsonValue.Create(text))]);
}
