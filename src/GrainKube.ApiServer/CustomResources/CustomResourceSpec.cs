using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Definitions;
using GrainKube.ApiMachinery.Objects;

namespace GrainKube.ApiServer.CustomResources;

/// <summary>What a CustomResourceDefinition says of its kind, under the names that were accepted.</summary>
internal sealed class CustomResourceSpec
{
    private CustomResourceSpec(string crd, JsonObject spec, JsonObject names, bool terminating)
    {
        Crd = crd;
        Group = Text(spec, "group");
        Versions = [.. Objects(spec["versions"]).Select(v => new CustomVersionSpec(v))];
        Storage = Objects(spec["versions"]).Where(v => (bool?)v["storage"] == true).Select(v => Text(v, "name")).FirstOrDefault() ?? Versions[0].Name;
        IsTerminating = terminating;
        Webhook = Text(spec["conversion"] as JsonObject, "strategy") == "Webhook" ? spec["conversion"]!["webhook"] as JsonObject : null;
        Names = new ResourceNames
        {
            Group = Group,
            Version = Storage,
            Plural = Text(names, "plural"),
            Kind = Text(names, "kind"),
            Namespaced = Text(spec, "scope") == "Namespaced",
            ShortNames = Texts(names["shortNames"]),
            Categories = Texts(names["categories"]),
            SingularName = Text(names, "singular"),
            ListKindName = Text(names, "listKind"),
        };
    }

    /// <summary>Name of the CustomResourceDefinition.</summary>
    public string Crd { get; }

    public string Group { get; }

    public IReadOnlyList<CustomVersionSpec> Versions { get; }

    /// <summary>Name of the version that is stored.</summary>
    public string Storage { get; }

    public bool IsTerminating { get; }

    /// <summary><c>spec.conversion.webhook</c>, where that is the strategy.</summary>
    public JsonObject? Webhook { get; }

    public ResourceNames Names { get; }

    /// <summary>The kind that is to be served, or null while its names are not accepted.</summary>
    public static CustomResourceSpec? Of(KubeObject crd)
    {
        var node = crd.ToNode();
        var established = Objects(node["status"]?["conditions"]).Any(c => Text(c, "type") == "Established" && Text(c, "status") == "True");
        return established && node["spec"] is JsonObject spec && node["status"]!["acceptedNames"] is JsonObject names && Text(names, "plural").Length > 0
            ? new CustomResourceSpec(crd.Header.Name, spec, names, crd.Header.DeletionTimestamp is not null)
            : null;
    }

    /// <summary>What decides whether the kind must be made anew: everything but the rest of the status and metadata.</summary>
    public static string Fingerprint(KubeObject crd)
    {
        var node = crd.ToNode();
        var established = Objects(node["status"]?["conditions"]).FirstOrDefault(c => Text(c, "type") == "Established");
        return $"{crd.Header.Uid} {crd.Header.DeletionTimestamp is not null} {Text(established, "status")} {node["status"]?["acceptedNames"]?.ToJsonString()} {node["spec"]?.ToJsonString()}";
    }

    private static IEnumerable<JsonObject> Objects(JsonNode? list) => (list as JsonArray)?.OfType<JsonObject>() ?? [];

    private static string Text(JsonObject? item, string name) => item?[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : "";

    private static List<string> Texts(JsonNode? list) => list is JsonArray texts ? [.. texts.Select(t => (string)t!)] : [];
}
