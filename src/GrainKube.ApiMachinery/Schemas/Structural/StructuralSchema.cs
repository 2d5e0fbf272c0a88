using System.Text.Json.Nodes;

namespace GrainKube.ApiMachinery.Schemas.Structural;

/// <summary>Makes <see cref="Schema"/> of the <c>openAPIV3Schema</c> of a CustomResourceDefinition: what decoding, pruning, defaulting and server-side apply need of it.</summary>
/// <remarks>What it says of values (ranges, patterns, alternatives) is <see cref="Values.ValueSchema"/>'s.</remarks>
public static class StructuralSchema
{
    /// <param name="source">The schema as written; null keeps everything.</param>
    /// <param name="metadata">The schema of object metadata, which no author can change.</param>
    public static Schema Of(JsonObject? source, Schema metadata)
    {
        var made = source is null ? new Schema { Type = SchemaType.Object, PreserveUnknownFields = true, Properties = WithTypeMeta([], metadata) } : Node(source, metadata, root: true);
        return made;
    }

    /// <summary>The schema of a place inside an object, which is no whole object itself unless it says so.</summary>
    /// <param name="source">The schema as written.</param>
    /// <param name="metadata">The schema of the metadata of embedded objects.</param>
    public static Schema Place(JsonObject source, Schema metadata) => Node(source, metadata, root: false);

    private static Schema Node(JsonObject source, Schema metadata, bool root)
    {
        var whole = root || Flag(source, "x-kubernetes-embedded-resource");
        var properties = new Dictionary<string, Schema>(StringComparer.Ordinal);
        foreach (var (name, child) in source["properties"] as JsonObject ?? [])
        {
            properties[name] = Node((JsonObject)child!, metadata, root: false);
        }

        var values = source["additionalProperties"];
        return new Schema
        {
            Source = root ? source : null,
            Type = TypeOf(source),
            Format = Text(source, "format"),
            Properties = whole ? WithTypeMeta(properties, metadata) : properties,
            Items = source["items"] is JsonObject items ? Node(items, metadata, root: false) : null,
            AdditionalProperties = values is JsonObject map ? Node(map, metadata, root: false)
                : values is JsonValue yes && yes.TryGetValue<bool>(out var allowed) && allowed ? new Schema { Type = SchemaType.Any, PreserveUnknownFields = true }
                : null,
            Required = Texts(source["required"]),
            Default = source["default"]?.DeepClone(),
            ListType = Text(source, "x-kubernetes-list-type") switch { "map" => ListType.Map, "set" => ListType.Set, "atomic" => ListType.Atomic, _ => ListType.Unspecified },
            ListMapKeys = Texts(source["x-kubernetes-list-map-keys"]),
            AtomicMap = Text(source, "x-kubernetes-map-type") == "atomic",
            PreserveUnknownFields = Flag(source, "x-kubernetes-preserve-unknown-fields"),
            Nullable = Flag(source, "nullable"),
            EmbeddedResource = Flag(source, "x-kubernetes-embedded-resource"),
            Describe = () => Text(source, "description"),
        };
    }

    /// <summary>What every object has, whatever its author says; restrictions of the name are a matter of values.</summary>
    private static Dictionary<string, Schema> WithTypeMeta(Dictionary<string, Schema> properties, Schema metadata)
    {
        properties.TryAdd("apiVersion", new Schema { Type = SchemaType.String });
        properties.TryAdd("kind", new Schema { Type = SchemaType.String });
        properties["metadata"] = metadata;
        return properties;
    }

    private static SchemaType TypeOf(JsonObject source) => Flag(source, "x-kubernetes-int-or-string") ? SchemaType.IntOrString : Text(source, "type") switch
    {
        "object" => SchemaType.Object,
        "array" => SchemaType.Array,
        "string" => SchemaType.String,
        "integer" => SchemaType.Integer,
        "number" => SchemaType.Number,
        "boolean" => SchemaType.Boolean,
        _ => source["properties"] is JsonObject { Count: > 0 } ? SchemaType.Object : SchemaType.Any,
    };

    private static bool Flag(JsonObject source, string name) => source[name] is JsonValue value && value.TryGetValue<bool>(out var yes) && yes;

    private static string? Text(JsonObject source, string name) => source[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    private static List<string> Texts(JsonNode? list) => list is JsonArray items ? [.. items.Select(i => (string)i!)] : [];
}
