using System.Buffers.Binary;

namespace GrainKube.ApiServer.Requests.Protobuf;

/// <summary>Reads protobuf's wire format field by field.</summary>
/// <remarks>Errors are <see cref="InvalidDataException"/>.</remarks>
internal ref struct WireReader(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> rest = bytes;

    /// <summary>Number of the present field.</summary>
    public int Field { get; private set; }

    /// <summary>Value of a varint or fixed field.</summary>
    public ulong Number { get; private set; }

    /// <summary>Value of a length-delimited field; empty for others.</summary>
    public ReadOnlySpan<byte> Bytes { get; private set; }

    /// <summary>Goes on to the next field; false at the end.</summary>
    public bool Next()
    {
        if (rest.IsEmpty)
        {
            return false;
        }

        var tag = Varint();
        Field = checked((int)(tag >> 3));
        Number = 0;
        Bytes = default;
        switch (tag & 7)
        {
            case 0:
                Number = Varint();
                break;
            case 1:
                Number = BinaryPrimitives.ReadUInt64LittleEndian(Take(8));
                break;
            case 2:
                var length = Varint();
                Bytes = length <= (ulong)rest.Length ? Take((int)length) : throw new InvalidDataException("proto: unexpected EOF");
                break;
            case 5:
                Number = BinaryPrimitives.ReadUInt32LittleEndian(Take(4));
                break;
            default:
                throw new InvalidDataException($"proto: illegal wireType {tag & 7}");
        }

        return Field > 0 ? true : throw new InvalidDataException("proto: illegal tag 0");
    }

    private ulong Varint()
    {
        ulong value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var part = Take(1)[0];
            value |= (ulong)(part & 0x7f) << shift;
            if (part < 0x80)
            {
                return value;
            }
        }

        throw new InvalidDataException("proto: integer overflow");
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > rest.Length)
        {
            throw new InvalidDataException("proto: unexpected EOF");
        }

        var taken = rest[..count];
        rest = rest[count..];
        return taken;
    }
}
