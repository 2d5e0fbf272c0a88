using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace GrainKube.ApiMachinery.ManagedFields;

/// <summary>The wire form <c>fieldsV1</c>: an object of steps; <c>.</c> marks a place that is a member and has members below it.</summary>
internal static class FieldSetJson
{
    private const string Self = ".";
    private static readonly JsonWriterOptions Compact = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static JsonNode Encode(FieldSet set)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var writer = new Utf8JsonWriter(buffer, Compact))
        {
            Write(writer, set, top: true);
        }

        return JsonNode.Parse(buffer.WrittenSpan)!;
    }

    /// <exception cref="FormatException">It is no such object.</exception>
    public static FieldSet Decode(JsonNode? node)
    {
        var set = new FieldSet();
        Read(set, node);
        return set;
    }

    private static void Write(Utf8JsonWriter writer, FieldSet set, bool top)
    {
        writer.WriteStartObject();
        if (set.IsMember && (top || set.Children.Count > 0))
        {
            writer.WriteStartObject(Self);
            writer.WriteEndObject();
        }

        foreach (var (step, child) in set.Children.OrderBy(c => c.Key, StringComparer.Ordinal))
        {
            writer.WritePropertyName(step);
            Write(writer, child, top: false);
        }

        writer.WriteEndObject();
    }

    private static void Read(FieldSet set, JsonNode? node)
    {
        if (node is not JsonObject steps)
        {
            throw new FormatException("fields must be an object");
        }

        foreach (var (step, below) in steps)
        {
            if (step == Self)
            {
                set.IsMember = true;
                continue;
            }

            if (step.Length < 2 || step[1] != ':' || step[0] is not ('f' or 'k' or 'v' or 'i'))
            {
                throw new FormatException($"unable to parse path element '{step}'");
            }

            var child = set.At(step);
            Read(child, below);
            if (child.Children.Count == 0)
            {
                child.IsMember = true;
            }
        }
    }
}
