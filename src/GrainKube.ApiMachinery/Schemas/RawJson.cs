using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace GrainKube.ApiMachinery.Schemas;

/// <summary>A part of a tree that was written already and is only to be stored: it goes into the bytes as it is, without being parsed and written once more. Nobody can look into it.</summary>
internal static class RawJson
{
    private static readonly JsonTypeInfo<Written> Info = JsonMetadataServices.CreateValueInfo<Written>(JsonSerializerOptions.Default, new Converter());

    /// <param name="utf8">Well-formed JSON; not changed after this.</param>
    public static JsonValue Of(ReadOnlyMemory<byte> utf8) => JsonValue.Create(new Written(utf8), Info)!;

    private sealed record Written(ReadOnlyMemory<byte> Utf8);

    private sealed class Converter : JsonConverter<Written>
    {
        public override Written Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => throw new NotSupportedException();

        public override void Write(Utf8JsonWriter writer, Written value, JsonSerializerOptions options) => writer.WriteRawValue(value.Utf8.Span, skipInputValidation: true);
    }
}
