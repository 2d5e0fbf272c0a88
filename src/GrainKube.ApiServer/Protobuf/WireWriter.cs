using System.Buffers.Binary;
using System.Text;

namespace GrainKube.ApiServer.Protobuf;

/// <summary>Bytes on the wire, growing. A message in a message is written where it stands and moved up when its length is known.</summary>
internal sealed class WireWriter
{
    private byte[] data = new byte[1024];

    public int Length { get; private set; }

    public byte[] ToArray() => data[..Length];

    public void Raw(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Reserve(bytes.Length));
        Length += bytes.Length;
    }

    public void Number(int field, ulong value)
    {
        Tag(field, WireValue.Varint);
        Varint(value);
    }

    public void Double(int field, double value)
    {
        Tag(field, WireValue.Fixed64);
        BinaryPrimitives.WriteDoubleLittleEndian(Reserve(sizeof(double)), value);
        Length += sizeof(double);
    }

    public void Bytes(int field, ReadOnlySpan<byte> value)
    {
        Tag(field, WireValue.Bytes);
        Varint((ulong)value.Length);
        Raw(value);
    }

    public void Text(int field, string value)
    {
        Tag(field, WireValue.Bytes);
        var size = Encoding.UTF8.GetByteCount(value);
        Varint((ulong)size);
        Encoding.UTF8.GetBytes(value, Reserve(size));
        Length += size;
    }

    /// <summary>Begins a message in field <paramref name="field"/>; what is written until <see cref="End"/> is its content.</summary>
    /// <returns>For <see cref="End"/>.</returns>
    public int Begin(int field)
    {
        Tag(field, WireValue.Bytes);
        return Length;
    }

    public void End(int begin)
    {
        var size = Length - begin;
        var prefix = SizeOf((ulong)size);
        Reserve(prefix);
        data.AsSpan(begin, size).CopyTo(data.AsSpan(begin + prefix));
        Length = begin;
        Varint((ulong)size);
        Length += size;
    }

    private void Tag(int field, int kind) => Varint((ulong)((field << 3) | kind));

    private void Varint(ulong value)
    {
        var space = Reserve(10);
        var i = 0;
        for (; value >= 0x80; value >>= 7)
        {
            space[i++] = (byte)(value | 0x80);
        }

        space[i++] = (byte)value;
        Length += i;
    }

    private static int SizeOf(ulong value)
    {
        var size = 1;
        while ((value >>= 7) != 0)
        {
            size++;
        }

        return size;
    }

    private Span<byte> Reserve(int count)
    {
        if (data.Length - Length < count)
        {
            Array.Resize(ref data, Math.Max(data.Length * 2, Length + count));
        }

        return data.AsSpan(Length);
    }
}
