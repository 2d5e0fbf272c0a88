using System.Buffers.Binary;

namespace GrainKube.Networking.Dns.Wire;

/// <summary>A question as it arrived. Nothing is copied: it looks into the packet.</summary>
internal readonly ref struct Query
{
    public const int HeaderLength = 12;
    private const int Response = 0x8000;
    private const int OpcodeMask = 0x7800;
    private const int SmallestUdp = 512;

    private Query(ReadOnlySpan<byte> packet) => Packet = packet;

    public ReadOnlySpan<byte> Packet { get; }
    public ushort Id => BinaryPrimitives.ReadUInt16BigEndian(Packet);
    public ushort Flags => BinaryPrimitives.ReadUInt16BigEndian(Packet[2..]);

    /// <summary>The name asked for, in the case it was asked in; empty where the question could not be read.</summary>
    public ReadOnlySpan<byte> Name { get; private init; }
    public RecordType Type { get; private init; }
    public ushort Class { get; private init; }

    /// <summary>The position after the question.</summary>
    public int QuestionEnd { get; private init; }

    /// <summary>The client speaks EDNS and is to get an OPT record.</summary>
    public bool HasEdns { get; private init; }

    /// <summary>The client wants DNSSEC records.</summary>
    public bool WantsDnssec { get; private init; }

    /// <summary>Longest datagram the client takes.</summary>
    public int UdpSize { get; private init; }

    /// <summary>What is wrong with the question; <see cref="ResponseCode.NoError"/> where it can be answered.</summary>
    public ResponseCode Fault { get; private init; }

    /// <summary>Reads a packet.</summary>
    /// <returns>False where it deserves no answer: it has no header, or is itself an answer.</returns>
    public static bool TryRead(ReadOnlySpan<byte> packet, out Query query)
    {
        query = default;
        if (packet.Length < HeaderLength)
        {
            return false;
        }

        var flags = BinaryPrimitives.ReadUInt16BigEndian(packet[2..]);
        if ((flags & Response) != 0)
        {
            return false;
        }

        query = (flags & OpcodeMask) != 0 ? Faulty(packet, ResponseCode.NotImplemented) : ReadQuestion(packet);
        return true;
    }

    private static Query Faulty(ReadOnlySpan<byte> packet, ResponseCode fault) => new(packet) { Fault = fault, QuestionEnd = HeaderLength, UdpSize = SmallestUdp };

    private static Query ReadQuestion(ReadOnlySpan<byte> packet)
    {
        var length = BinaryPrimitives.ReadUInt16BigEndian(packet[4..]) == 1 ? WireName.LengthOf(packet, HeaderLength) : -1;
        var end = HeaderLength + length + 4;
        if (length < 0 || end > packet.Length)
        {
            return Faulty(packet, ResponseCode.FormatError);
        }

        var records = new RecordReader(packet, end);
        var (edns, dnssec, size, fault) = (false, false, SmallestUdp, ResponseCode.NoError);
        while (records.Next())
        {
            if (records.Type != RecordType.Opt)
            {
                continue;
            }

            if (edns || records.Section != 2 || records.OwnerLength != 1)
            {
                return Faulty(packet, ResponseCode.FormatError); // RFC 6891 6.1.1: at most one, of the root
            }

            edns = true;
            size = Math.Max(SmallestUdp, (int)records.Class);
            dnssec = (records.Ttl & 0x8000) != 0;
            fault = ((records.Ttl >> 16) & 0xFF) != 0 ? ResponseCode.BadVersion : ResponseCode.NoError;
        }

        if (records.IsMalformed)
        {
            return Faulty(packet, ResponseCode.FormatError);
        }

        return new Query(packet)
        {
            Name = packet.Slice(HeaderLength, length),
            Type = (RecordType)BinaryPrimitives.ReadUInt16BigEndian(packet[(end - 4)..]),
            Class = BinaryPrimitives.ReadUInt16BigEndian(packet[(end - 2)..]),
            QuestionEnd = end,
            HasEdns = edns,
            WantsDnssec = dnssec,
            UdpSize = size,
            Fault = fault,
        };
    }
}
