using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using GrainKube.Resources.Protobuf;

namespace GrainKube.ApiServer.Protobuf;

/// <summary>Writes JSON as messages: the way back of <see cref="MessageWriter"/>. What is not in the table is left out, as null is.</summary>
internal sealed class MessageEncoder(WireWriter output)
{
    /// <param name="item">An object.</param>
    /// <param name="message">Its form.</param>
    public void Fields(JsonElement item, WireMessage message)
    {
        foreach (var field in message.Fields)
        {
            if (field.Inline)
            {
                var begin = output.Begin(field.Number);
                Fields(item, field.Message!);
                output.End(begin);
            }
            else if (item.TryGetProperty(field.Name.EncodedUtf8Bytes, out var value) && value.ValueKind != JsonValueKind.Null)
            {
                Value(field, value);
            }
        }
    }

    private void Value(WireField field, JsonElement value)
    {
        switch (field.Shape)
        {
            case WireShape.Many:
                foreach (var element in value.EnumerateArray())
                {
                    One(field, field.Number, element);
                }

                break;
            case WireShape.Map:
                foreach (var entry in value.EnumerateObject())
                {
                    var begin = output.Begin(field.Number);
                    output.Text(1, entry.Name);
                    if (entry.Value.ValueKind != JsonValueKind.Null)
                    {
                        One(field, 2, entry.Value);
                    }

                    output.End(begin);
                }

                break;
            default:
                One(field, field.Number, value);
                break;
        }
    }

    private void One(WireField field, int number, JsonElement value)
    {
        switch (field.Type)
        {
            case WireType.String:
                output.Text(number, value.GetString() ?? "");
                break;
            case WireType.Bool:
                output.Number(number, value.GetBoolean() ? 1UL : 0UL);
                break;
            case WireType.Int32 or WireType.Int64:
                output.Number(number, (ulong)Integer(value));
                break;
            case WireType.Double:
                output.Double(number, value.GetDouble());
                break;
            case WireType.Bytes:
                output.Bytes(number, value.GetBytesFromBase64());
                break;
            default:
                var begin = output.Begin(number);
                Content(field, value);
                output.End(begin);
                break;
        }
    }

    private void Content(WireField field, JsonElement value)
    {
        switch (field.Type)
        {
            case WireType.Message when field.Message!.IsUnion:
                Union(field.Message, value);
                break;
            case WireType.Message:
                Fields(value, field.Message!);
                break;
            case WireType.Time or WireType.MicroTime:
                Time(value);
                break;
            case WireType.Quantity:
                output.Text(1, value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText());
                break;
            case WireType.IntOrString when value.ValueKind == JsonValueKind.String:
                output.Number(1, 1);
                output.Text(3, value.GetString()!);
                break;
            case WireType.IntOrString:
                output.Number(2, (ulong)Integer(value));
                break;
            case WireType.StringList:
                foreach (var element in value.EnumerateArray())
                {
                    output.Text(1, element.GetString() ?? "");
                }

                break;
            default:
                output.Bytes(1, JsonMarshal.GetRawUtf8Value(value));
                break;
        }
    }

    /// <summary>Which field it is shows in what JSON has there: a list, a truth or an object.</summary>
    private void Union(WireMessage message, JsonElement value)
    {
        var field = message.Fields.First(f => value.ValueKind switch
        {
            JsonValueKind.Array => f.Shape == WireShape.Many,
            JsonValueKind.Object => f is { Shape: WireShape.One, Type: WireType.Message },
            _ => f.Type == WireType.Bool,
        });
        Value(field, value);
    }

    private void Time(JsonElement value)
    {
        var time = DateTimeOffset.Parse(value.GetString()!, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
        output.Number(1, (ulong)time.ToUnixTimeSeconds());
        output.Number(2, (ulong)(time.Ticks % TimeSpan.TicksPerSecond * TimeSpan.NanosecondsPerTick));
    }

    // Somebody may have written 3 as 3.0.
    private static long Integer(JsonElement value) => value.TryGetInt64(out var number) ? number : (long)value.GetDouble();
}
