using System.Buffers.Binary;

namespace GrainKube.Networking.Dns.Wire;

/// <summary>Walks over the records of a message, whoever wrote it: no count or length in it is believed before it was checked.</summary>
internal ref struct RecordReader
{
    private readonly ReadOnlySpan<byte> packet;
    private int next;
    private int left0;
    private int left1;
    private int left2;

    /// <param name="packet">The message.</param>
    /// <param name="start">Where the question section ends.</param>
    public RecordReader(ReadOnlySpan<byte> packet, int start)
    {
        this.packet = packet;
        next = start;
        left0 = BinaryPrimitives.ReadUInt16BigEndian(packet[6..]);
        left1 = BinaryPrimitives.ReadUInt16BigEndian(packet[8..]);
        left2 = BinaryPrimitives.ReadUInt16BigEndian(packet[10..]);
    }

    /// <summary>0 answers, 1 authority, 2 additional.</summary>
    public int Section { get; private set; }
    public int Start { get; private set; }

    /// <summary>Length of the owner's name as it stands there, with pointers.</summary>
    public int OwnerLength { get; private set; }
    public RecordType Type { get; private set; }
    public ushort Class { get; private set; }
    public uint Ttl { get; private set; }

    /// <summary>Where the time to live stands.</summary>
    public readonly int TtlAt => Start + OwnerLength + 4;
    public int DataAt { get; private set; }
    public int DataLength { get; private set; }
    public readonly int End => DataAt + DataLength;
    public bool IsMalformed { get; private set; }

    /// <summary>False at the end, and at the first record that cannot be read.</summary>
    public bool Next()
    {
        if (left0 + left1 + left2 == 0 || IsMalformed)
        {
            return false;
        }

        Section = left0 > 0 ? 0 : left1 > 0 ? 1 : 2;
        _ = Section == 0 ? left0-- : Section == 1 ? left1-- : left2--;
        var fixedAt = WireName.Skip(packet, next);
        if (fixedAt < 0 || fixedAt + 10 > packet.Length)
        {
            IsMalformed = true;
            return false;
        }

        (Start, OwnerLength) = (next, fixedAt - next);
        Type = (RecordType)BinaryPrimitives.ReadUInt16BigEndian(packet[fixedAt..]);
        Class = BinaryPrimitives.ReadUInt16BigEndian(packet[(fixedAt + 2)..]);
        Ttl = BinaryPrimitives.ReadUInt32BigEndian(packet[(fixedAt + 4)..]);
        DataLength = BinaryPrimitives.ReadUInt16BigEndian(packet[(fixedAt + 8)..]);
        DataAt = fixedAt + 10;
        next = End;
        IsMalformed = next > packet.Length;
        return !IsMalformed;
    }
}
