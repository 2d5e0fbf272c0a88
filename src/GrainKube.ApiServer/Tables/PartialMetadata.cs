using System.Text.Json;

namespace GrainKube.ApiServer.Tables;

/// <summary>An object's <c>metadata</c> as a <c>PartialObjectMetadata</c>, copied, not parsed.</summary>
internal static class PartialMetadata
{
    private static ReadOnlySpan<byte> Head => "{\"kind\":\"PartialObjectMetadata\",\"apiVersion\":\"meta.k8s.io/v1\",\"metadata\":"u8;

    public static byte[] Of(ReadOnlyMemory<byte> json)
    {
        var metadata = MetadataOf(json.Span);
        var made = new byte[Head.Length + metadata.Length + 1];
        Head.CopyTo(made);
        metadata.CopyTo(made.AsSpan(Head.Length));
        made[^1] = (byte)'}';
        return made;
    }

    private static ReadOnlySpan<byte> MetadataOf(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var wanted = reader.ValueTextEquals("metadata"u8);
            reader.Read();
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            if (wanted)
            {
                return json[start..(int)reader.BytesConsumed];
            }
        }

        return "{}"u8;
    }
}
