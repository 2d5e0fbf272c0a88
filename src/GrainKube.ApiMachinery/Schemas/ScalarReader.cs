using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Quantities;

namespace GrainKube.ApiMachinery.Schemas;

/// <summary>Reads strings, numbers and booleans, checks their format, and brings quantities and times into the form that upstream stores.</summary>
internal static class ScalarReader
{
    /// <summary>False when the token is of another type than the schema's; the token is then still current.</summary>
    /// <exception cref="DecodeException">The type is right and the content is not.</exception>
    public static bool TryRead(ref Utf8JsonReader reader, Schema schema, out JsonNode? value)
    {
        value = schema.Type switch
        {
            SchemaType.String when schema.Format is not null => Formatted(ref reader, schema.Format),
            SchemaType.String when reader.TokenType == JsonTokenType.String => JsonValue.Create(JsonText.Read(ref reader)),
            SchemaType.Boolean when reader.TokenType is JsonTokenType.True or JsonTokenType.False => JsonValue.Create(reader.GetBoolean()),
            SchemaType.Integer when IsInteger(ref reader, schema.Format) => JsonNumber.Read(ref reader),
            SchemaType.Number when reader.TokenType == JsonTokenType.Number => JsonNumber.Read(ref reader),
            SchemaType.IntOrString => IntOrString(ref reader),
            _ => null,
        };
        return value is not null;
    }

    public static JsonNode? Plain(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.String => JsonValue.Create(JsonText.Read(ref reader)),
        JsonTokenType.Number => JsonNumber.Read(ref reader),
        JsonTokenType.True => JsonValue.Create(true),
        JsonTokenType.False => JsonValue.Create(false),
        _ => null,
    };

    private static bool IsInteger(ref Utf8JsonReader reader, string? format) =>
        reader.TokenType == JsonTokenType.Number
        && reader.ValueSpan.IndexOfAny((byte)'.', (byte)'e', (byte)'E') < 0
        && (format == "int32" ? reader.TryGetInt32(out _) : reader.TryGetInt64(out _));

    private static JsonNode? Formatted(ref Utf8JsonReader reader, string format) => format switch
    {
        "quantity" => CanonicalQuantity(ref reader),
        "date-time" => JsonValue.Create(GoTime.Seconds(StringOf(ref reader, "string"))),
        "micro-time" => JsonValue.Create(GoTime.Micro(StringOf(ref reader, "string"))),
        _ when reader.TokenType != JsonTokenType.String => null,
        "byte" => Base64Text(ref reader),
        _ => JsonValue.Create(JsonText.Read(ref reader)),
    };

    private static JsonValue CanonicalQuantity(ref Utf8JsonReader reader)
    {
        var text = reader.TokenType switch
        {
            JsonTokenType.String => JsonText.Read(ref reader).Trim(),
            JsonTokenType.Number => Encoding.UTF8.GetString(reader.ValueSpan),
            _ => throw new DecodeException(QuantityParser.WrongFormat),
        };
        return Quantity.TryParse(text, out var quantity, out var complaint)
            ? JsonValue.Create(quantity.ToString())!
            : throw new DecodeException(complaint);
    }

    private static JsonValue IntOrString(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.String)
        {
            return JsonValue.Create(JsonText.Read(ref reader))!;
        }

        return IsInteger(ref reader, "int32") ? JsonNumber.Read(ref reader) : throw WrongValue(ref reader, "int32");
    }

    private static string StringOf(ref Utf8JsonReader reader, string type) =>
        reader.TokenType == JsonTokenType.String ? JsonText.Read(ref reader) : throw WrongValue(ref reader, type);

    private static JsonValue Base64Text(ref Utf8JsonReader reader)
    {
        var text = JsonText.ReadUnshared(ref reader);
        return Base64.IsValid(text) && !text.AsSpan().ContainsAny(' ', '\t')
            ? JsonValue.Create(text)!
            : throw new DecodeException($"illegal base64 data at input byte {FirstIllegalByte(text)}");
    }

    private static int FirstIllegalByte(string text)
    {
        var at = text.AsSpan().IndexOfAnyExcept("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/\r\n");
        return at >= 0 ? at : text.Length;
    }

    private static DecodeException WrongValue(ref Utf8JsonReader reader, string type) => new(
        "json: cannot unmarshal " + reader.TokenType switch
        {
            JsonTokenType.StartObject => "object",
            JsonTokenType.StartArray => "array",
            JsonTokenType.True or JsonTokenType.False => "bool",
            _ when type == "string" => "number",
            _ => "number " + Encoding.UTF8.GetString(reader.ValueSpan),
        } + $" into Go value of type {type}");
}
