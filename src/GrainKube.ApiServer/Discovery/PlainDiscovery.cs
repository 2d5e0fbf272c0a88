using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Definitions;

namespace GrainKube.ApiServer.Discovery;

/// <summary>The documents of <c>/apis</c>, <c>/apis/GROUP</c> and <c>/apis/GROUP/VERSION</c>.</summary>
internal static class PlainDiscovery
{
    public static JsonObject Group(ServedGroup group, bool whole = false)
    {
        var made = whole ? new JsonObject { ["kind"] = "APIGroup", ["apiVersion"] = "v1" } : [];
        made["name"] = group.Name;
        made["versions"] = new JsonArray([.. group.Versions.Select(v => Version(group.Name, v.Version))]);
        made["preferredVersion"] = Version(group.Name, group.Versions[0].Version);
        return made;
    }

    public static JsonObject Resources(string group, ServedGroupVersion version)
    {
        var made = new JsonObject { ["kind"] = "APIResourceList" };
        if (group.Length > 0)
        {
            made["apiVersion"] = "v1";
        }

        made["groupVersion"] = group.Length == 0 ? version.Version : $"{group}/{version.Version}";
        made["resources"] = new JsonArray([.. version.Definitions.SelectMany(Of)]);
        return made;
    }

    private static IEnumerable<JsonNode> Of(ResourceDefinition definition)
    {
        var names = definition.Names;
        var resource = new JsonObject
        {
            ["name"] = names.Plural, ["singularName"] = names.Singular, ["namespaced"] = names.Namespaced, ["kind"] = names.Kind, ["verbs"] = Texts(definition.Verbs),
        };
        if (names.ShortNames.Count > 0)
        {
            resource["shortNames"] = Texts(names.ShortNames);
        }

        if (names.Categories.Count > 0)
        {
            resource["categories"] = Texts(names.Categories);
        }

        if (definition.IsStored)
        {
            resource["storageVersionHash"] = Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes($"{names.Group}/{names.Version}/{names.Kind}")).AsSpan(0, 8));
        }

        yield return resource;
        foreach (var (name, kind, group, version, verbs) in SubresourceNames.Of(definition))
        {
            var sub = new JsonObject { ["name"] = $"{names.Plural}/{name}", ["singularName"] = "", ["namespaced"] = names.Namespaced };
            if (version is not null)
            {
                sub["group"] = group;
                sub["version"] = version;
            }

            sub["kind"] = kind;
            sub["verbs"] = Texts(verbs);
            yield return sub;
        }
    }

    private static JsonObject Version(string group, string version) => new() { ["groupVersion"] = group.Length == 0 ? version : $"{group}/{version}", ["version"] = version };

    private static JsonArray Texts(IEnumerable<string> texts) => new([.. texts.Select(text => JsonValue.Create(text))]);
}
