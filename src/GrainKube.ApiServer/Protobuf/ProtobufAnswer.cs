using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using GrainKube.Resources.Protobuf;

namespace GrainKube.ApiServer.Protobuf;

/// <summary>Answers in upstream's binary form, for clients that take nothing else. Who takes JSON too is given JSON: it lies ready.</summary>
internal static class ProtobufAnswer
{
    private const string ListSuffix = "List";

    /// <summary>The one group version whose lists have their two fields the other way round.</summary>
    private const string Reversed = "meta.k8s.io/v1beta1";

    /// <summary>Whether objects of a kind have that form: the built-in ones do.</summary>
    public static bool Has(string apiVersion, string kind) => WireTable.Find(apiVersion, kind) is not null;

    /// <param name="json">An object with apiVersion and kind, or a list of such.</param>
    /// <returns>The object in its envelope; null where the kind has no such form.</returns>
    public static byte[]? Encode(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json);
        var item = document.RootElement;
        var (apiVersion, kind) = (Text(item, "apiVersion"u8), Text(item, "kind"u8));
        var elements = kind.EndsWith(ListSuffix, StringComparison.Ordinal) ? WireTable.Find(apiVersion, kind[..^ListSuffix.Length]) : null;
        var message = elements ?? WireTable.Find(apiVersion, kind);
        if (message is null)
        {
            return null;
        }

        var output = new WireWriter();
        output.Raw(ProtobufBody.Magic);
        var type = output.Begin(1);
        output.Text(1, apiVersion);
        output.Text(2, kind);
        output.End(type);
        var raw = output.Begin(2);
        var encoder = new MessageEncoder(output);
        if (elements is null)
        {
            encoder.Fields(item, message);
        }
        else
        {
            List(output, encoder, item, elements, apiVersion == Reversed ? (2, 1) : (1, 2));
        }

        output.End(raw);
        output.Text(3, "");
        output.Text(4, "");
        return output.ToArray();
    }

    /// <summary>One event of a watch, behind its length in four bytes.</summary>
    /// <param name="type">Such as <c>ADDED</c>.</param>
    /// <param name="json">The object.</param>
    public static byte[] Frame(ReadOnlySpan<byte> type, ReadOnlyMemory<byte> json)
    {
        var output = new WireWriter();
        output.Raw(stackalloc byte[sizeof(int)]);
        output.Text(1, Encoding.ASCII.GetString(type));
        var item = output.Begin(2);
        output.Bytes(1, Encode(json) ?? throw new ArgumentException("an object of a kind that has no binary form", nameof(json)));
        output.End(item);
        var frame = output.ToArray();
        BinaryPrimitives.WriteInt32BigEndian(frame, frame.Length - sizeof(int));
        return frame;
    }

    private static void List(WireWriter output, MessageEncoder encoder, JsonElement list, WireMessage elements, (int Metadata, int Items) fields)
    {
        if (list.TryGetProperty("metadata"u8, out var metadata))
        {
            var begin = output.Begin(fields.Metadata);
            encoder.Fields(metadata, WireTable.ListMeta);
            output.End(begin);
        }

        if (list.TryGetProperty("items"u8, out var items) && items.ValueKind == JsonValueKind.Array)
        {
            foreach (var item in items.EnumerateArray())
            {
                var begin = output.Begin(fields.Items);
                encoder.Fields(item, elements);
                output.End(begin);
            }
        }
    }

    private static string Text(JsonElement item, ReadOnlySpan<byte> name) => item.TryGetProperty(name, out var value) ? value.GetString() ?? "" : "";
}
