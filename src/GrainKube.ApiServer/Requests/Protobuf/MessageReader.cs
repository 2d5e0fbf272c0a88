using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace GrainKube.ApiServer.Requests.Protobuf;

/// <summary>Rewrites messages of <see cref="MessageTable"/> as JSON.</summary>
internal static class MessageReader
{
    private const int MaxDepth = 64;
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    /// <summary>Adds the fields of a message to <paramref name="into"/>. Fields that the table does not know are passed over.</summary>
    /// <exception cref="InvalidDataException">The bytes are no such message.</exception>
    public static void Read(ReadOnlySpan<byte> bytes, string message, JsonObject into, int depth = 0)
    {
        if (depth > MaxDepth)
        {
            throw new InvalidDataException("proto: too deep");
        }

        var fields = MessageTable.All[message];
        var reader = new WireReader(bytes);
        while (reader.Next())
        {
            if (!fields.TryGetValue(reader.Field, out var field))
            {
                continue;
            }

            switch (field.Shape)
            {
                case MessageField.Shapes.Inline:
                    Read(reader.Bytes, field.Type, into, depth + 1);
                    break;
                case MessageField.Shapes.Repeated:
                    List(into, field.Name).Add(Value(ref reader, field, depth));
                    break;
                case MessageField.Shapes.Map:
                    Entry(reader.Bytes, field, into, depth);
                    break;
                default:
                    if (Value(ref reader, field, depth) is { } value && (field.KeepsZero || !IsZero(value, field)))
                    {
                        into[field.Name] = value;
                    }

                    break;
            }
        }
    }

    private static void Entry(ReadOnlySpan<byte> bytes, MessageField field, JsonObject into, int depth)
    {
        if (into[field.Name] is not JsonObject map)
        {
            into[field.Name] = map = [];
        }

        // An entry without a value has the value's zero.
        var key = "";
        JsonNode? value = field.Type is "s" or "y" or "Quantity" ? "" : field.Type.StartsWith('[') ? new JsonArray() : null;
        var reader = new WireReader(bytes);
        while (reader.Next())
        {
            if (reader.Field == 1)
            {
                key = Text(reader.Bytes);
            }
            else if (reader.Field == 2)
            {
                value = Value(ref reader, field, depth);
            }
        }

        map[key] = value;
    }

    private static JsonNode? Value(ref WireReader reader, MessageField field, int depth)
    {
        switch (field.Type)
        {
            case "s":
                return Text(reader.Bytes);
            case "b":
                return reader.Number != 0;
            case "i":
                return (long)reader.Number;
            case "f":
                return BitConverter.UInt64BitsToDouble(reader.Number);
            case "y":
                return Convert.ToBase64String(reader.Bytes);
            case "Raw":
                return Raw(First(reader.Bytes));
            case "Quantity":
                return Text(First(reader.Bytes));
            case "Time" or "MicroTime":
                return Time(reader.Bytes, micro: field.Type == "MicroTime");
            case "IntOrString":
                return IntOrString(reader.Bytes);
            case ['[', ']', .. var list]:
                var holder = new JsonObject();
                Read(reader.Bytes, list, holder, depth + 1);
                var items = holder["items"];
                holder.Remove("items");
                return items ?? new JsonArray();
            default:
                var made = new JsonObject();
                Read(reader.Bytes, field.Type, made, depth + 1);
                return made;
        }
    }

    private static bool IsZero(JsonNode value, MessageField field) => field.Type switch
    {
        "s" or "y" => ((string)value!).Length == 0,
        "b" => !(bool)value,
        "i" => (long)value == 0,
        "f" => (double)value == 0,
        _ => false,
    };

    /// <summary>Field 1 of a message that has only this one.</summary>
    private static ReadOnlySpan<byte> First(ReadOnlySpan<byte> bytes)
    {
        var reader = new WireReader(bytes);
        ReadOnlySpan<byte> first = default;
        while (reader.Next())
        {
            first = reader.Field == 1 ? reader.Bytes : first;
        }

        return first;
    }

    private static JsonNode? Raw(ReadOnlySpan<byte> json) => json.IsEmpty ? null : JsonNode.Parse(json);

    private static JsonValue? Time(ReadOnlySpan<byte> bytes, bool micro)
    {
        var (seconds, nanos) = (0L, 0L);
        var reader = new WireReader(bytes);
        while (reader.Next())
        {
            (seconds, nanos) = reader.Field == 1 ? ((long)reader.Number, nanos) : (seconds, (long)reader.Number);
        }

        if (seconds == 0 && nanos == 0)
        {
            return null; // Go's zero time is left out
        }

        if (seconds is < -62135596800 or > 253402300799 || nanos is < 0 or > 999_999_999)
        {
            throw new InvalidDataException("proto: time out of range");
        }

        var time = DateTimeOffset.FromUnixTimeSeconds(seconds).AddTicks(nanos / 100);
        return JsonValue.Create(time.ToString(micro ? "yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'" : "yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
    }

    private static JsonValue IntOrString(ReadOnlySpan<byte> bytes)
    {
        var (isText, number, text) = (false, 0L, "");
        var reader = new WireReader(bytes);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1:
                    isText = reader.Number != 0;
                    break;
                case 2:
                    number = (long)reader.Number;
                    break;
                case 3:
                    text = Text(reader.Bytes);
                    break;
            }
        }

        return isText ? JsonValue.Create(text) : JsonValue.Create(number);
    }

    private static JsonArray List(JsonObject into, string name)
    {
        if (into[name] is not JsonArray list)
        {
            into[name] = list = [];
        }

        return list;
    }

    private static string Text(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return Strict.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            throw new InvalidDataException("proto: invalid UTF-8 in a string");
        }
    }
}
