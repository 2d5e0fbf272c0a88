using System.Buffers.Binary;

namespace GrainKube.ApiServer.Protobuf;

/// <summary>Walks over the fields of one message.</summary>
internal ref struct WireReader(ReadOnlySpan<byte> message)
{
    private const int MaximumFieldNumber = (1 << 29) - 1;
    private readonly ReadOnlySpan<byte> message = message;
    private int at;

    /// <summary>The next field; false at the end.</summary>
    /// <exception cref="ProtobufException">Broken off, or no field.</exception>
    public bool TryRead(out WireValue value)
    {
        if (at == message.Length)
        {
            value = default;
            return false;
        }

        var tag = ReadVarint();
        var number = tag >> 3;
        if (number is 0 or > MaximumFieldNumber)
        {
            throw new ProtobufException($"proto: illegal tag {(long)number} (wire type {tag & 7})");
        }

        var kind = (int)(tag & 7);
        var start = at;
        value = kind switch
        {
            WireValue.Varint => new WireValue((int)number, kind, ReadVarint(), start, 0),
            WireValue.Fixed64 => new WireValue((int)number, kind, BinaryPrimitives.ReadUInt64LittleEndian(Take(8)), start, 0),
            WireValue.Fixed32 => new WireValue((int)number, kind, BinaryPrimitives.ReadUInt32LittleEndian(Take(4)), start, 0),
            WireValue.Bytes => Range((int)number),
            _ => throw new ProtobufException($"proto: illegal wireType {kind}"),
        };
        return true;
    }

    /// <summary>The next number of a packed list; false at the end.</summary>
    /// <exception cref="ProtobufException">Broken off or too long.</exception>
    public bool TryReadVarint(out ulong value)
    {
        var more = at < message.Length;
        value = more ? ReadVarint() : 0;
        return more;
    }

    private WireValue Range(int number)
    {
        var length = ReadVarint();
        var start = at;
        if (length > (ulong)(message.Length - at))
        {
            throw ProtobufException.Truncated();
        }

        at += (int)length;
        return new WireValue(number, WireValue.Bytes, 0, start, (int)length);
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > message.Length - at)
        {
            throw ProtobufException.Truncated();
        }

        at += count;
        return message.Slice(at - count, count);
    }

    private ulong ReadVarint()
    {
        var value = 0UL;
        for (var shift = 0; shift < 64; shift += 7)
        {
            if (at == message.Length)
            {
                throw ProtobufException.Truncated();
            }

            var part = message[at++];
            value |= (ulong)(part & 0x7F) << shift;
            if (part < 0x80)
            {
                return value;
            }
        }

        throw new ProtobufException("proto: integer overflow");
    }
}
