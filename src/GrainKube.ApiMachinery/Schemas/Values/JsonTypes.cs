using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace GrainKube.ApiMachinery.Schemas.Values;

/// <summary>JSON values as validators see them.</summary>
internal static class JsonTypes
{
    /// <summary>The type as OpenAPI calls it; a number without a fraction is an integer however it is written.</summary>
    public static string Of(JsonNode? value) => value?.GetValueKind() switch
    {
        JsonValueKind.Object => "object",
        JsonValueKind.Array => "array",
        JsonValueKind.String => "string",
        JsonValueKind.True or JsonValueKind.False => "boolean",
        JsonValueKind.Number => Number((JsonValue)value) is var number && number == Math.Floor(number) && !double.IsInfinity(number) ? "integer" : "number",
        _ => "null",
    };

    public static double Number(JsonValue value) => double.TryParse(value.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : 0;

    /// <summary>The value for a message of an error.</summary>
    public static object? Plain(JsonNode? value) => value switch
    {
        null => null,
        JsonValue scalar when scalar.TryGetValue<string>(out var text) => text,
        JsonValue scalar when scalar.TryGetValue<bool>(out var yes) => yes,
        _ => value,
    };

    /// <summary>The value for a list of what is supported: a string as it is, anything else as JSON.</summary>
    public static string Text(JsonNode? value) => value is JsonValue scalar && scalar.TryGetValue<string>(out var text) ? text : value?.ToJsonString() ?? "null";
}
