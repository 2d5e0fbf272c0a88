using System.Text.Json;
using GrainKube.ApiServer.Negotiation;

namespace GrainKube.ApiServer.Tables;

/// <summary>An object's <c>metadata</c> as a <c>PartialObjectMetadata</c>, copied, not parsed.</summary>
internal static class PartialMetadata
{
    private static ReadOnlySpan<byte> V1 => "{\"kind\":\"PartialObjectMetadata\",\"apiVersion\":\"meta.k8s.io/v1\",\"metadata\":"u8;

    private static ReadOnlySpan<byte> V1Beta1 => "{\"kind\":\"PartialObjectMetadata\",\"apiVersion\":\"meta.k8s.io/v1beta1\",\"metadata\":"u8;

    public static byte[] Of(ReadOnlyMemory<byte> json, MetaVersion version)
    {
        var head = version == MetaVersion.V1 ? V1 : V1Beta1;
        var metadata = MetadataOf(json.Span);
        var made = new byte[head.Length + metadata.Length + 1];
        head.CopyTo(made);
        metadata.CopyTo(made.AsSpan(head.Length));
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
