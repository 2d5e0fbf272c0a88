using System.Text.Json;
using GrainKube.Resources.Protobuf;

namespace GrainKube.ApiServer.Protobuf;

/// <summary>Writes values that are no messages.</summary>
internal static class ScalarWriter
{
    public static void Bytes(Utf8JsonWriter writer, WireField field, ReadOnlySpan<byte> value)
    {
        if (field.Type == WireType.Bytes)
        {
            writer.WriteBase64StringValue(value);
        }
        else
        {
            writer.WriteStringValue(value);
        }
    }

    /// <exception cref="ProtobufException">No number, or one that JSON cannot say.</exception>
    public static void Number(Utf8JsonWriter writer, WireField field, WireValue value)
    {
        if (value.Kind != (field.Type == WireType.Double ? WireValue.Fixed64 : WireValue.Varint))
        {
            throw ProtobufException.WrongWireType(value.Kind, field.Name.Value);
        }

        switch (field.Type)
        {
            case WireType.Bool:
                writer.WriteBooleanValue(value.Number != 0);
                break;
            case WireType.Int32:
                writer.WriteNumberValue((int)value.Number);
                break;
            case WireType.Int64:
                writer.WriteNumberValue((long)value.Number);
                break;
            default:
                var number = BitConverter.UInt64BitsToDouble(value.Number);
                writer.WriteNumberValue(double.IsFinite(number) ? number : throw new ProtobufException($"json: unsupported value: {field.Name}"));
                break;
        }
    }

    /// <summary>The value of a map's entry that has none.</summary>
    public static void Zero(Utf8JsonWriter writer, WireField field)
    {
        switch (field.Type)
        {
            case WireType.String or WireType.Bytes:
                writer.WriteStringValue(""u8);
                break;
            case WireType.Quantity:
                writer.WriteStringValue("0"u8);
                break;
            case WireType.Message when !field.Message!.IsUnion:
                writer.WriteStartObject();
                writer.WriteEndObject();
                break;
            default:
                writer.WriteNullValue();
                break;
        }
    }
}
