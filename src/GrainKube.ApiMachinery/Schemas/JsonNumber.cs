using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace GrainKube.ApiMachinery.Schemas;

/// <summary>Makes numbers that can be read back as any integer type.</summary>
/// <remarks>A <see cref="JsonValue"/> made from an <c>int</c> refuses to be read as <c>long</c> and the other way round; one made from parsed JSON does not.</remarks>
public static class JsonNumber
{
    private static readonly JsonElement[] Small = [.. Enumerable.Range(0, 1024).Select(i => Parse(i))];

    /// <summary>A new node; nodes cannot be shared, the small numbers beneath them are.</summary>
    public static JsonValue Of(long value) => JsonValue.Create(value is >= 0 and < 1024 ? Small[value] : Parse(value))!;

    /// <summary>The number as it is written, for the decoder.</summary>
    internal static JsonValue Read(ref Utf8JsonReader reader)
    {
        if (reader.ValueSpan.Length <= 3 && reader.TryGetInt32(out var small) && small >= 0 && reader.ValueSpan[0] != '-')
        {
            return JsonValue.Create(Small[small])!;
        }

        return JsonValue.Create(JsonElement.Parse(reader.ValueSpan))!;
    }

    private static JsonElement Parse(long value) => JsonElement.Parse(Encoding.UTF8.GetBytes(value.ToString(CultureInfo.InvariantCulture)));
}
