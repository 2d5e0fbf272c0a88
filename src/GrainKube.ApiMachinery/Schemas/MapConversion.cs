using System.Text.Json;
using System.Text.Json.Nodes;

namespace GrainKube.ApiMachinery.Schemas;

/// <summary>
/// Says what does not fit in the words of upstream's second reader: what a strategic merge makes goes from a map straight into the object, without JSON in between.
/// </summary>
internal static class MapConversion
{
    /// <summary>The first complaint, or null where only the value itself is at fault (a quantity, a time).</summary>
    public static string? Complaint(JsonNode? node, Schema schema)
    {
        if (node is null)
        {
            return null;
        }

        switch (schema.Type)
        {
            case SchemaType.Object when schema.AdditionalProperties is { } values:
                return node is not JsonObject map ? $"cannot restore map from {Kind(node)}" : First(map.Select(p => Complaint(p.Value, values)));
            case SchemaType.Object:
                return node is not JsonObject item ? $"cannot restore struct from: {Kind(node)}"
                    : First(schema.Properties.Select(p => item.TryGetPropertyValue(p.Key, out var value) ? Complaint(value, p.Value) : null));
            case SchemaType.Array:
                return node is not JsonArray list ? $"cannot restore slice from {Kind(node)}"
                    : schema.Items is { } items ? First(list.Select(element => Complaint(element, items))) : null;
            case SchemaType.String when schema.Format is null:
                return Kind(node) switch
                {
                    "string" => null,
                    "int64" => $"cannot convert int64 to {schema.GoTypeName}",
                    _ => "unrecognized type: string",
                };
            case SchemaType.Integer:
                return Kind(node) switch
                {
                    "int64" => null,
                    "float64" => $"cannot convert float64 to {schema.GoTypeName}",
                    _ => $"unrecognized type: {schema.Format ?? "int64"}",
                };
            case SchemaType.Boolean:
                return Kind(node) == "bool" ? null : "unrecognized type: bool";
            default:
                return null;
        }
    }

    private static string? First(IEnumerable<string?> complaints) => complaints.FirstOrDefault(c => c is not null);

    private static string Kind(JsonNode node) => node.GetValueKind() switch
    {
        JsonValueKind.Object => "map",
        JsonValueKind.Array => "slice",
        JsonValueKind.String => "string",
        JsonValueKind.Number => node.AsValue().TryGetValue<long>(out _) || node.ToJsonString().AsSpan().IndexOfAny(".eE") < 0 ? "int64" : "float64",
        _ => "bool",
    };
}
