using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using GrainKube.ApiMachinery.Errors;
using GrainKube.Resources.Protobuf;

namespace GrainKube.ApiServer.Protobuf;

/// <summary>Rewrites upstream's binary form of an object as the JSON that the same client would have sent.</summary>
/// <remarks>Four bytes of magic, then <c>runtime.Unknown</c>: 1 the type (1 apiVersion, 2 kind), 2 the object.</remarks>
internal static class ProtobufBody
{
    public const string MediaType = "application/vnd.kubernetes.protobuf";

    /// <summary>Of a watch.</summary>
    public const string Stream = MediaType + ";stream=watch";

    /// <summary>JSON is longer, but not without end: a few bytes may name many fields.</summary>
    private const int GrowthAllowed = 8;

    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>What every such body begins with.</summary>
    public static ReadOnlySpan<byte> Magic => "k8s\0"u8;

    /// <param name="body">All of it.</param>
    /// <param name="limit">The largest body that a client may send, in bytes; the JSON may have eight times that.</param>
    /// <exception cref="ApiException">400 for what cannot be read, 413 for what grows too large.</exception>
    public static byte[] ToJson(ReadOnlySpan<byte> body, int limit)
    {
        var json = new ArrayBufferWriter<byte>(Math.Max(256, body.Length * 2));
        using var writer = new Utf8JsonWriter(json, Options);
        try
        {
            new MessageWriter(writer, (long)limit * GrowthAllowed).Write(body);
        }
        catch (ProtobufException wrong)
        {
            throw ApiException.BadRequest(wrong.Message);
        }

        writer.Flush();
        return json.WrittenSpan.ToArray();
    }

    /// <summary>Opens the envelope.</summary>
    /// <param name="body">From the magic on.</param>
    /// <param name="apiVersion">As the client gave it.</param>
    /// <param name="kind">As the client gave it.</param>
    /// <param name="message">The form of the object.</param>
    /// <returns>The object's bytes.</returns>
    /// <exception cref="ProtobufException">No envelope, or of a kind that has no such form here.</exception>
    public static ReadOnlySpan<byte> Open(ReadOnlySpan<byte> body, out string apiVersion, out string kind, out WireMessage message)
    {
        if (!body.StartsWith(Magic))
        {
            throw new ProtobufException("provided data does not appear to be a protobuf message, expected prefix [107 56 115 0]");
        }

        apiVersion = kind = "";
        body = body[Magic.Length..];
        var raw = ReadOnlySpan<byte>.Empty;
        var envelope = new WireReader(body);
        while (envelope.TryRead(out var value))
        {
            switch (value.Field)
            {
                case 1:
                    ReadType(value.In(body, "TypeMeta"), ref apiVersion, ref kind);
                    break;
                case 2:
                    raw = value.In(body, "Raw");
                    break;
            }
        }

        if (kind.Length == 0)
        {
            throw new ProtobufException("Object 'Kind' is missing in the type of the protobuf message");
        }

        message = WireTable.Find(apiVersion, kind)
            ?? throw new ProtobufException($"no kind \"{kind}\" is registered for version \"{apiVersion}\" in scheme \"pkg/api/legacyscheme/scheme.go:30\"");
        return raw;
    }

    private static void ReadType(ReadOnlySpan<byte> type, ref string apiVersion, ref string kind)
    {
        var reader = new WireReader(type);
        while (reader.TryRead(out var value))
        {
            switch (value.Field)
            {
                case 1:
                    apiVersion = Encoding.UTF8.GetString(value.In(type, "APIVersion"));
                    break;
                case 2:
                    kind = Encoding.UTF8.GetString(value.In(type, "Kind"));
                    break;
            }
        }
    }
}
