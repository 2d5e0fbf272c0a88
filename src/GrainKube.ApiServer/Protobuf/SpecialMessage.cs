using System.Globalization;
using System.Text.Json;
using GrainKube.Resources.Protobuf;

namespace GrainKube.ApiServer.Protobuf;

/// <summary>The messages that JSON writes as a string, a number or a list.</summary>
internal static class SpecialMessage
{
    private const long NanosecondsPerSecond = 1_000_000_000;

    /// <exception cref="ProtobufException">The message is not of that type.</exception>
    public static void Write(Utf8JsonWriter writer, WireField field, ReadOnlySpan<byte> data)
    {
        switch (field.Type)
        {
            case WireType.Time:
                Time(writer, data, "yyyy-MM-dd'T'HH:mm:ss'Z'");
                break;
            case WireType.MicroTime:
                Time(writer, data, "yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'");
                break;
            case WireType.Quantity:
                var quantity = Text(data);
                writer.WriteStringValue(quantity.IsEmpty ? "0"u8 : quantity);
                break;
            case WireType.IntOrString:
                IntOrString(writer, data);
                break;
            case WireType.StringList:
                Strings(writer, data);
                break;
            default:
                throw new ArgumentException($"{field.Type} is no special message", nameof(field));
        }
    }

    /// <summary>The last string or bytes in field 1; empty where there is none.</summary>
    public static ReadOnlySpan<byte> Text(ReadOnlySpan<byte> data)
    {
        var text = ReadOnlySpan<byte>.Empty;
        var reader = new WireReader(data);
        while (reader.TryRead(out var value))
        {
            if (value.Field == 1)
            {
                text = value.In(data, "Raw");
            }
        }

        return text;
    }

    /// <summary>Copies JSON that a client put in; null where it put in nothing.</summary>
    /// <exception cref="ProtobufException">It is no JSON.</exception>
    public static void WriteJson(Utf8JsonWriter writer, ReadOnlySpan<byte> utf8, int maximumDepth)
    {
        if (utf8.IsEmpty)
        {
            writer.WriteNullValue();
            return;
        }

        try
        {
            var reader = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = maximumDepth });
            while (reader.Read())
            {
            }
        }
        catch (JsonException wrong)
        {
            throw new ProtobufException($"json parse error: {wrong.Message}");
        }

        writer.WriteRawValue(utf8, skipInputValidation: true);
    }

    /// <summary>Go's zero time is an empty message, and null in JSON.</summary>
    public static bool IsZeroTime(ReadOnlySpan<byte> data) => data.IsEmpty || TimeOf(data) == DateTime.MinValue;

    private static void Time(Utf8JsonWriter writer, ReadOnlySpan<byte> data, string format)
    {
        if (IsZeroTime(data))
        {
            writer.WriteNullValue();
            return;
        }

        writer.WriteStringValue(TimeOf(data).ToString(format, CultureInfo.InvariantCulture));
    }

    private static DateTime TimeOf(ReadOnlySpan<byte> data)
    {
        long seconds = 0, nanos = 0;
        var reader = new WireReader(data);
        while (reader.TryRead(out var value))
        {
            if (value.Field is 1 or 2 && value.Kind != WireValue.Varint)
            {
                throw ProtobufException.WrongWireType(value.Kind, "Time");
            }

            (seconds, nanos) = value.Field switch { 1 => ((long)value.Number, nanos), 2 => (seconds, (int)value.Number), _ => (seconds, nanos) };
        }

        var ticks = ((Int128)seconds * NanosecondsPerSecond + nanos) / TimeSpan.NanosecondsPerTick + DateTime.UnixEpoch.Ticks;
        return ticks >= 0 && ticks <= DateTime.MaxValue.Ticks
            ? new DateTime((long)ticks, DateTimeKind.Utc)
            : throw new ProtobufException("Time.MarshalJSON: year outside of range [0,9999]");
    }

    private static void IntOrString(Utf8JsonWriter writer, ReadOnlySpan<byte> data)
    {
        long type = 0, number = 0;
        var text = ReadOnlySpan<byte>.Empty;
        var reader = new WireReader(data);
        while (reader.TryRead(out var value))
        {
            if (value.Field is 1 or 2 && value.Kind != WireValue.Varint)
            {
                throw ProtobufException.WrongWireType(value.Kind, "IntOrString");
            }

            switch (value.Field)
            {
                case 1:
                    type = (long)value.Number;
                    break;
                case 2:
                    number = (int)value.Number;
                    break;
                case 3:
                    text = value.In(data, "StrVal");
                    break;
            }
        }

        switch (type)
        {
            case 0:
                writer.WriteNumberValue(number);
                break;
            case 1:
                writer.WriteStringValue(text);
                break;
            default:
                throw new ProtobufException("impossible IntOrString.Type");
        }
    }

    private static void Strings(Utf8JsonWriter writer, ReadOnlySpan<byte> data)
    {
        writer.WriteStartArray();
        var reader = new WireReader(data);
        while (reader.TryRead(out var value))
        {
            if (value.Field == 1)
            {
                writer.WriteStringValue(value.In(data, "Items"));
            }
        }

        writer.WriteEndArray();
    }
}
