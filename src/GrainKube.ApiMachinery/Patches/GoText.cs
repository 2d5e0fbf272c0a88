using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace GrainKube.ApiMachinery.Patches;

/// <summary>Spells JSON as upstream's messages do: the names its decoder gives to kinds of values, and its notation for maps.</summary>
internal static class GoText
{
    public static string KindOf(JsonNode? node) => node?.GetValueKind() switch
    {
        JsonValueKind.Object => "object",
        JsonValueKind.Array => "array",
        JsonValueKind.String => "string",
        JsonValueKind.Number => "number",
        JsonValueKind.True or JsonValueKind.False => "bool",
        _ => "null",
    };

    /// <summary>The type that its decoder gives to a value of no declared type.</summary>
    public static string TypeOf(JsonNode? node) => node?.GetValueKind() switch
    {
        JsonValueKind.Object => "map[string]interface {}",
        JsonValueKind.Array => "[]interface {}",
        JsonValueKind.String => "string",
        JsonValueKind.Number => node.ToJsonString().AsSpan().IndexOfAny('.', 'e', 'E') < 0 ? "int64" : "float64",
        JsonValueKind.True or JsonValueKind.False => "bool",
        _ => "<nil>",
    };

    /// <summary>As it would be written in a program: <c>map[string]interface {}{"a":1}</c>.</summary>
    public static string Literal(JsonNode? node) => node switch
    {
        null => "interface {}(nil)",
        JsonObject item => $"map[string]interface {{}}{{{string.Join(", ", item.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => $"\"{p.Key}\":{Literal(p.Value)}"))}}}",
        JsonArray list => $"[]interface {{}}{{{string.Join(", ", list.Select(Literal))}}}",
        _ => node.ToJsonString(),
    };

    /// <summary><c>map[a:1 b:[x y]]</c>, keys sorted.</summary>
    public static string Of(JsonNode? node)
    {
        var text = new StringBuilder();
        Append(text, node);
        return text.ToString();
    }

    private static void Append(StringBuilder text, JsonNode? node)
    {
        switch (node)
        {
            case null:
                text.Append("<nil>");
                break;
            case JsonObject item:
                text.Append("map[");
                var first = true;
                foreach (var (key, value) in item.OrderBy(p => p.Key, StringComparer.Ordinal))
                {
                    text.Append(first ? "" : " ").Append(key).Append(':');
                    Append(text, value);
                    first = false;
                }

                text.Append(']');
                break;
            case JsonArray list:
                text.Append('[');
                for (var i = 0; i < list.Count; i++)
                {
                    text.Append(i == 0 ? "" : " ");
                    Append(text, list[i]);
                }

                text.Append(']');
                break;
            default:
                text.Append(node.GetValueKind() == JsonValueKind.String ? node.GetValue<string>() : node.ToJsonString());
                break;
        }
    }
}
