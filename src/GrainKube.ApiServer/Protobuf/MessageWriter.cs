using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using GrainKube.ApiMachinery.Errors;
using GrainKube.Resources.Protobuf;

namespace GrainKube.ApiServer.Protobuf;

/// <summary>Writes messages as JSON.</summary>
/// <remarks>
/// The fields of a message may come in any order and more than once, so each message is indexed before it is written: of scalars the last counts, parts of a message that come apart
/// are one message when put behind each other.
/// </remarks>
/// <param name="writer">Where to.</param>
/// <param name="limit">Bytes of JSON that may be written.</param>
internal sealed class MessageWriter(Utf8JsonWriter writer, long limit)
{
    /// <summary>Deeper nesting is refused, as it is in JSON.</summary>
    private const int MaximumDepth = 256;

    /// <summary>The fields of the message being written lie on top of those of the messages around it.</summary>
    private readonly List<WireValue> index = [];
    private int depth;

    /// <summary>Writes what lies in an envelope.</summary>
    /// <exception cref="ProtobufException">It cannot be read.</exception>
    /// <exception cref="ApiException">413.</exception>
    public void Write(ReadOnlySpan<byte> body)
    {
        var raw = ProtobufBody.Open(body, out var apiVersion, out var kind, out var message);
        writer.WriteStartObject();
        writer.WriteString("apiVersion"u8, apiVersion);
        writer.WriteString("kind"u8, kind);
        Fields(raw, message);
        writer.WriteEndObject();
    }

    private void Fields(ReadOnlySpan<byte> data, WireMessage message)
    {
        var start = Enter(data, message);
        for (var i = start; i < index.Count;)
        {
            var field = message.Find(index[i].Field)!;
            var count = CountOf(i);
            Field(data, field, i, count);
            i += count;
        }

        Leave(start);
    }

    /// <summary>A message that JSON writes as the first of its fields that is there.</summary>
    private void Union(ReadOnlySpan<byte> data, WireMessage message)
    {
        var start = Enter(data, message);
        var first = message.Fields.FirstOrDefault(f => Find(start, f.Number) >= 0);
        if (first is null)
        {
            writer.WriteNullValue();
        }
        else
        {
            var at = Find(start, first.Number);
            Value(data, first, at, CountOf(at));
        }

        Leave(start);
    }

    private void Field(ReadOnlySpan<byte> data, WireField field, int at, int count)
    {
        if (field.Inline)
        {
            Fields(Merged(data, field, at, count), field.Message!);
        }
        else if (!IsLeftOut(data, field, at, count))
        {
            writer.WritePropertyName(field.Name);
            Value(data, field, at, count);
        }

        if (writer.BytesCommitted + writer.BytesPending > limit)
        {
            throw ApiException.TooLarge($"Request entity too large: limit is {limit}");
        }
    }

    private void Value(ReadOnlySpan<byte> data, WireField field, int at, int count)
    {
        switch (field.Shape)
        {
            case WireShape.Many:
                writer.WriteStartArray();
                for (var i = at; i < at + count; i++)
                {
                    Elements(data, field, i);
                }

                writer.WriteEndArray();
                break;
            case WireShape.Map:
                Map(data, field, at, count);
                break;
            default:
                One(data, field, at, count);
                break;
        }
    }

    /// <summary>One element of a list, or many numbers that are packed.</summary>
    private void Elements(ReadOnlySpan<byte> data, WireField field, int at)
    {
        var value = index[at];
        if (value.Kind != WireValue.Bytes || field.Type is not (WireType.Int32 or WireType.Int64 or WireType.Bool))
        {
            One(data, field, at, 1);
            return;
        }

        var packed = new WireReader(data.Slice(value.Start, value.Length));
        while (packed.TryReadVarint(out var number))
        {
            ScalarWriter.Number(writer, field, new WireValue(value.Field, WireValue.Varint, number, 0, 0));
        }
    }

    private void Map(ReadOnlySpan<byte> data, WireField field, int at, int count)
    {
        var last = new Dictionary<string, int>(count, StringComparer.Ordinal);
        for (var i = at; i < at + count; i++)
        {
            last[KeyOf(index[i].In(data, field.Name.Value))] = i;
        }

        writer.WriteStartObject();
        foreach (var (key, i) in last)
        {
            writer.WritePropertyName(key);
            Entry(index[i].In(data, field.Name.Value), field);
        }

        writer.WriteEndObject();
    }

    private void Entry(ReadOnlySpan<byte> entry, WireField field)
    {
        var start = index.Count;
        var reader = new WireReader(entry);
        while (reader.TryRead(out var value))
        {
            if (value.Field == 2)
            {
                index.Add(value);
            }
        }

        if (index.Count > start)
        {
            One(entry, field, start, index.Count - start);
        }
        else
        {
            ScalarWriter.Zero(writer, field);
        }

        index.RemoveRange(start, index.Count - start);
    }

    private static string KeyOf(ReadOnlySpan<byte> entry)
    {
        var key = "";
        var reader = new WireReader(entry);
        while (reader.TryRead(out var value))
        {
            if (value.Field == 1)
            {
                key = Encoding.UTF8.GetString(value.In(entry, "mapkey"));
            }
        }

        return key;
    }

    private void One(ReadOnlySpan<byte> data, WireField field, int at, int count)
    {
        switch (field.Type)
        {
            case WireType.Message when field.Message!.IsUnion:
                Union(Merged(data, field, at, count), field.Message);
                break;
            case WireType.Message:
                writer.WriteStartObject();
                Fields(Merged(data, field, at, count), field.Message!);
                writer.WriteEndObject();
                break;
            case WireType.Json:
                Json(SpecialMessage.Text(Merged(data, field, at, count)));
                break;
            case WireType.String or WireType.Bytes:
                ScalarWriter.Bytes(writer, field, index[at + count - 1].In(data, field.Name.Value));
                break;
            case WireType.Bool or WireType.Int32 or WireType.Int64 or WireType.Double:
                ScalarWriter.Number(writer, field, index[at + count - 1]);
                break;
            default:
                SpecialMessage.Write(writer, field, Merged(data, field, at, count));
                break;
        }
    }

    /// <summary>JSON inside: an object of any kind, or a fragment. Clients may put an object into an envelope of its own.</summary>
    private void Json(ReadOnlySpan<byte> utf8)
    {
        if (!utf8.StartsWith(ProtobufBody.Magic))
        {
            SpecialMessage.WriteJson(writer, utf8, MaximumDepth);
            return;
        }

        Deeper();
        Write(utf8);
        depth--;
    }

    private bool IsLeftOut(ReadOnlySpan<byte> data, WireField field, int at, int count)
    {
        var last = index[at + count - 1];
        return field switch
        {
            { Shape: not WireShape.One } => false,
            { Type: WireType.Time or WireType.MicroTime } => SpecialMessage.IsZeroTime(Merged(data, field, at, count)),
            { OmitZero: true } => last.Kind == WireValue.Bytes ? last.Length == 0 : last.Number == 0,
            _ => false,
        };
    }

    private static ReadOnlySpan<byte> Concatenated(ReadOnlySpan<byte> data, WireField field, ReadOnlySpan<WireValue> parts)
    {
        var whole = new List<byte>();
        foreach (var part in parts)
        {
            whole.AddRange(part.In(data, field.Name.Value));
        }

        return CollectionsMarshal.AsSpan(whole);
    }

    private ReadOnlySpan<byte> Merged(ReadOnlySpan<byte> data, WireField field, int at, int count) => count == 1
        ? index[at].In(data, field.Name.Value)
        : Concatenated(data, field, CollectionsMarshal.AsSpan(index).Slice(at, count));

    private int Enter(ReadOnlySpan<byte> data, WireMessage message)
    {
        Deeper();
        var start = index.Count;
        var sorted = true;
        var reader = new WireReader(data);
        while (reader.TryRead(out var value))
        {
            if (message.Find(value.Field) is not null)
            {
                sorted &= index.Count == start || index[^1].Field <= value.Field;
                index.Add(value);
            }
        }

        if (!sorted)
        {
            CollectionsMarshal.AsSpan(index)[start..].Sort((a, b) => (a.Field, a.Start).CompareTo((b.Field, b.Start)));
        }

        return start;
    }

    private void Leave(int start)
    {
        index.RemoveRange(start, index.Count - start);
        depth--;
    }

    private void Deeper()
    {
        if (++depth > MaximumDepth)
        {
            throw new ProtobufException("exceeded max depth");
        }
    }

    private int CountOf(int at)
    {
        var end = at + 1;
        while (end < index.Count && index[end].Field == index[at].Field)
        {
            end++;
        }

        return end - at;
    }

    private int Find(int start, int number)
    {
        for (var i = start; i < index.Count; i++)
        {
            if (index[i].Field == number)
            {
                return i;
            }
        }

        return -1;
    }
}
