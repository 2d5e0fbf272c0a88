namespace GrainKube.Etcd.Watches;

/// <summary>Reads the fields of a protobuf message in place, one after the other: the generated classes copy what they read.</summary>
internal ref struct MessageFields(ReadOnlySpan<byte> message)
{
    private ReadOnlySpan<byte> rest = message;

    /// <summary>The number of the current field.</summary>
    public int Field { get; private set; }

    /// <summary>Its value, of an integer, a flag or an enum.</summary>
    public long Number { get; private set; }

    /// <summary>Its value, of a text, bytes or a message.</summary>
    public ReadOnlySpan<byte> Bytes { get; private set; }

    /// <summary>Goes on to the next field.</summary>
    /// <returns>False at the end.</returns>
    /// <exception cref="InvalidDataException">This is no such message.</exception>
    public bool Next()
    {
        if (rest.IsEmpty)
        {
            return false;
        }

        const int varint = 0, fixed64 = 1, sized = 2, fixed32 = 5;
        var tag = Varint();
        Field = (int)(tag >> 3);
        switch ((int)(tag & 7))
        {
            case varint:
                Number = (long)Varint();
                return true;
            case sized:
                Bytes = Take(Varint());
                return true;
            case fixed64:
                Take(8);
                return true;
            case fixed32:
                Take(4);
                return true;
            default:
                throw Malformed();
        }
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

        throw Malformed();
    }

    private ReadOnlySpan<byte> Take(ulong length)
    {
        if (length > (ulong)rest.Length)
        {
            throw Malformed();
        }

        var taken = rest[..(int)length];
        rest = rest[(int)length..];
        return taken;
    }

    private static InvalidDataException Malformed() => new("etcd sent a message that is no protobuf");
}
