using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace GrainKube.ApiMachinery.Schemas;

/// <summary>
/// A part of a tree that was written already and is only to be stored: it goes into the bytes as it is, without being parsed and written once more. Nobody can look into it. Its memory may be
/// given back once it was stored; where that is forgotten the collector has it.
/// </summary>
internal static class RawJson
{
    private static readonly JsonTypeInfo<Written> Info = JsonMetadataServices.CreateValueInfo<Written>(JsonSerializerOptions.Default, new Converter());

    /// <param name="utf8">Well-formed JSON; it is copied.</param>
    public static JsonValue Of(ReadOnlySpan<byte> utf8)
    {
        var rented = ArrayPool<byte>.Shared.Rent(utf8.Length);
        utf8.CopyTo(rented);
        return JsonValue.Create(new Written(rented, utf8.Length), Info)!;
    }

    /// <summary>Gives back the memory of a part that is such a one. Whoever writes it after this gets an exception.</summary>
    public static void Release(JsonNode? part)
    {
        if (part is JsonValue value && value.TryGetValue<Written>(out var written))
        {
            written.Release();
        }
    }

    private sealed class Written(byte[] utf8, int length)
    {
        private byte[]? rented = utf8;

        public void WriteTo(Utf8JsonWriter writer) =>
            writer.WriteRawValue(rented is null ? throw new ObjectDisposedException(nameof(RawJson)) : rented.AsSpan(0, length), skipInputValidation: true);

        public void Release()
        {
            if (Interlocked.Exchange(ref rented, null) is { } mine)
            {
                ArrayPool<byte>.Shared.Return(mine);
            }
        }
    }

    private sealed class Converter : JsonConverter<Written>
    {
        public override Written Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => throw new NotSupportedException();

        public override void Write(Utf8JsonWriter writer, Written value, JsonSerializerOptions options) => value.WriteTo(writer);
    }
}
