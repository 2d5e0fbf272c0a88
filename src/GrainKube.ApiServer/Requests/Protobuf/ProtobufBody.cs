using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Errors;

namespace GrainKube.ApiServer.Requests.Protobuf;

/// <summary>A body of <c>application/vnd.kubernetes.protobuf</c>: four magic bytes, then an envelope that names the kind and holds the object.</summary>
internal static class ProtobufBody
{
    public const string MediaType = "application/vnd.kubernetes.protobuf";
    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The object as JSON.</summary>
    /// <exception cref="ApiException">400: the bytes are broken. 415: no built-in kind that has a protobuf form.</exception>
    public static byte[] ToJson(ReadOnlySpan<byte> body)
    {
        if (!body.StartsWith("k8s\0"u8))
        {
            throw ApiException.BadRequest("provided data does not appear to be a protobuf message, expected prefix [107 56 115 0]");
        }

        try
        {
            return Convert(body[4..]);
        }
        catch (Exception error) when (error is InvalidDataException or JsonException or OverflowException or ArgumentException)
        {
            throw ApiException.BadRequest($"couldn't decode protobuf: {error.Message}");
        }
    }

    private static byte[] Convert(ReadOnlySpan<byte> envelope)
    {
        var (apiVersion, kind) = ("", "");
        ReadOnlySpan<byte> raw = default;
        var reader = new WireReader(envelope);
        while (reader.Next())
        {
            if (reader.Field == 1)
            {
                var type = new WireReader(reader.Bytes);
                while (type.Next())
                {
                    (apiVersion, kind) = type.Field == 1 ? (Encoding.UTF8.GetString(type.Bytes), kind) : (apiVersion, Encoding.UTF8.GetString(type.Bytes));
                }
            }
            else if (reader.Field == 2)
            {
                raw = reader.Bytes;
            }
        }

        var message = MessageTable.NameOf(apiVersion, kind) ?? throw ApiException.UnsupportedMediaType(
            $"no protobuf form of {kind} in version \"{apiVersion}\" is known - accepted media types include: application/json, application/yaml");
        var made = new JsonObject { ["apiVersion"] = apiVersion, ["kind"] = kind };
        MessageReader.Read(raw, message, made);
        return JsonSerializer.SerializeToUtf8Bytes(made, Relaxed);
    }
}
