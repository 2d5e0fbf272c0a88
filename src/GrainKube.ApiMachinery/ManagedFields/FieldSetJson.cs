using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Objects;
using GrainKube.ApiMachinery.Schemas;

namespace GrainKube.ApiMachinery.ManagedFields;

/// <summary>The wire form <c>fieldsV1</c>: an object of steps; <c>.</c> marks a place that is a member and has members below it.</summary>
internal static class FieldSetJson
{
    private const string Self = ".";
    private const int LongestOnStack = 256;
    private static readonly JsonWriterOptions Compact = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly JsonReaderOptions Deep = new() { MaxDepth = 2 * ObjectDecoder.MaximumDepth };

    [ThreadStatic]
    private static ArrayBufferWriter<byte>? buffer;

    public static JsonNode Encode(FieldSet set)
    {
        using (var writer = Begin())
        {
            Write(writer, set, top: true);
        }

        return JsonNode.Parse(buffer!.WrittenSpan)!;
    }

    /// <summary>The bytes of any tree, until this thread asks for others.</summary>
    public static ReadOnlySpan<byte> Bytes(JsonNode node)
    {
        using (var writer = Begin())
        {
            node.WriteTo(writer);
        }

        return buffer!.WrittenSpan;
    }

    /// <exception cref="FormatException">It is no such object.</exception>
    public static FieldSet Decode(ReadOnlySpan<byte> utf8)
    {
        var reader = new Utf8JsonReader(utf8, Deep);
        var set = new FieldSet();
        reader.Read();
        Read(ref reader, set);
        return set;
    }

    /// <summary>Reads it and keeps nothing.</summary>
    /// <exception cref="FormatException">It is no such object.</exception>
    public static void Check(ReadOnlySpan<byte> utf8)
    {
        var reader = new Utf8JsonReader(utf8, Deep);
        reader.Read();
        Read(ref reader, null);
    }

    /// <summary>True where a member of <paramref name="set"/> is one of what is written.</summary>
    public static bool Touches(ReadOnlySpan<byte> utf8, FieldSet set)
    {
        var reader = new Utf8JsonReader(utf8, Deep);
        reader.Read();
        return Touches(ref reader, set);
    }

    private static Utf8JsonWriter Begin()
    {
        const int mostKept = 1 << 20;
        if (buffer is null || buffer.Capacity > mostKept)
        {
            buffer = new ArrayBufferWriter<byte>(8192);
        }

        buffer.ResetWrittenCount();
        return new Utf8JsonWriter(buffer, Compact);
    }

    private static void Write(Utf8JsonWriter writer, FieldSet set, bool top)
    {
        writer.WriteStartObject();
        if (set.IsMember && (top || set.Children.Count > 0))
        {
            writer.WriteStartObject(Self);
            writer.WriteEndObject();
        }

        string[] steps = [.. set.Children.Keys];
        Array.Sort(steps, StringComparer.Ordinal);
        foreach (var step in steps)
        {
            writer.WritePropertyName(step);
            Write(writer, set.Children[step], top: false);
        }

        writer.WriteEndObject();
    }

    private static void Read(ref Utf8JsonReader reader, FieldSet? set)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw new FormatException("fields must be an object");
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals(Self))
            {
                set?.IsMember = true;
                reader.Read();
                reader.Skip();
                continue;
            }

            var raw = reader.ValueSpan;
            if (reader.ValueIsEscaped || raw.Length < 2 || raw[1] != ':' || raw[0] is not ((byte)'f' or (byte)'k' or (byte)'v' or (byte)'i'))
            {
                CheckStep(reader.GetString()!);
            }

            var child = set?.At(Utf8Interner.Get(ref reader));
            reader.Read();
            Read(ref reader, child);
            if (child?.Children.Count == 0)
            {
                child.IsMember = true;
            }
        }
    }

    private static void CheckStep(string step)
    {
        if (step.Length < 2 || step[1] != ':' || step[0] is not ('f' or 'k' or 'v' or 'i'))
        {
            throw new FormatException($"unable to parse path element '{step}'");
        }
    }

    private static bool Touches(ref Utf8JsonReader reader, FieldSet? set)
    {
        var (isMember, isLeaf) = (false, true);
        Span<char> text = stackalloc char[LongestOnStack];
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals(Self))
            {
                isMember = true;
                reader.Read();
                reader.Skip();
                continue;
            }

            isLeaf = false;
            var below = reader.ValueSpan.Length <= LongestOnStack ? set?.Find(text[..reader.CopyString(text)]) : set?.Find(reader.GetString()!);
            reader.Read();
            if (below is null)
            {
                reader.Skip();
            }
            else if (Touches(ref reader, below))
            {
                return true;
            }
        }

        return set is { IsMember: true } && (isMember || isLeaf);
    }
}
