using System.Buffers;
using System.Text;

namespace GrainKube.ApiServer.OpenApi;

/// <summary>Writes the few wire types of protobuf that <see cref="SwaggerProtobuf"/> needs.</summary>
internal sealed class ProtoWriter
{
    private readonly ArrayBufferWriter<byte> buffer = new(256);

    public ReadOnlySpan<byte> Written => buffer.WrittenSpan;

    /// <summary>Writes nothing for null, as proto3 does for what has its default.</summary>
    public ProtoWriter String(int field, string? text)
    {
        if (!string.IsNullOrEmpty(text))
        {
            Bytes(field, Encoding.UTF8.GetBytes(text));
        }

        return this;
    }

    public ProtoWriter Bool(int field, bool value)
    {
        if (value)
        {
            Varint((uint)(field << 3));
            Varint(1);
        }

        return this;
    }

    public ProtoWriter Message(int field, ProtoWriter? message)
    {
        if (message is not null)
        {
            Bytes(field, message.Written);
        }

        return this;
    }

    private void Bytes(int field, ReadOnlySpan<byte> bytes)
    {
        Varint((uint)((field << 3) | 2));
        Varint((uint)bytes.Length);
        buffer.Write(bytes);
    }

    private void Varint(uint value)
    {
        while (value >= 0x80)
        {
            buffer.Write([(byte)(value | 0x80)]);
            value >>= 7;
        }

        buffer.Write([(byte)value]);
    }
}
