using System.Buffers.Binary;
using System.Security.Cryptography;
using GrainKube.Networking.Dns.Wire;

namespace GrainKube.Networking.Dns.Forwarding;

/// <summary>A question as it is put to other servers, and what may be believed to be its answer.</summary>
internal sealed class UpstreamQuery
{
    private const int OptLength = 11;
    private readonly byte[] packet;

    /// <param name="name">The name in one piece, lower-case.</param>
    /// <param name="type">What is asked.</param>
    /// <param name="dnssec">Whether DNSSEC records are wanted.</param>
    public UpstreamQuery(ReadOnlySpan<byte> name, RecordType type, bool dnssec)
    {
        packet = new byte[Query.HeaderLength + name.Length + 4 + OptLength];
        BinaryPrimitives.WriteUInt16BigEndian(packet, (ushort)RandomNumberGenerator.GetInt32(ushort.MaxValue + 1));
        packet[2] = 1; // recursion desired
        packet[5] = 1;
        packet[11] = 1;
        name.CopyTo(packet.AsSpan(Query.HeaderLength));
        QuestionEnd = Query.HeaderLength + name.Length + 4;
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(QuestionEnd - 4), (ushort)type);
        packet[QuestionEnd - 1] = 1;
        ResponseWriter.WriteOpt(packet.AsSpan(QuestionEnd), ResponseCode.NoError, dnssec);
    }

    public int QuestionEnd { get; }

    public ReadOnlyMemory<byte> Packet => packet;

    /// <summary>Whether a message answers this question: same number, same question, well-formed to its end.</summary>
    public bool IsAnsweredBy(ReadOnlySpan<byte> message)
    {
        if (message.Length < QuestionEnd || !message[..2].SequenceEqual(packet.AsSpan(0, 2)) || (message[2] & 0x80) == 0 || BinaryPrimitives.ReadUInt16BigEndian(message[4..]) != 1)
        {
            return false;
        }

        Span<byte> question = stackalloc byte[WireName.MaximumLength + 4];
        question = question[..(QuestionEnd - Query.HeaderLength)];
        message[Query.HeaderLength..QuestionEnd].CopyTo(question);
        if (WireName.LengthOf(question, 0) != question.Length - 4)
        {
            return false;
        }

        WireName.MakeLower(question);
        if (!question.SequenceEqual(packet.AsSpan(Query.HeaderLength, question.Length)))
        {
            return false;
        }

        var records = new RecordReader(message, QuestionEnd);
        while (records.Next())
        {
        }

        return !records.IsMalformed;
    }

    public static bool IsTruncated(ReadOnlySpan<byte> message) => (message[2] & 2) != 0;
}
