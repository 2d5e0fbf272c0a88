using System.Buffers.Binary;
using GrainKube.Networking.Dns.Wire;

namespace GrainKube.Networking.Dns.Forwarding;

/// <summary>An answer of another server, checked, without its OPT record, and the time it is good for.</summary>
internal sealed class UpstreamAnswer
{
    private const uint LongestSeconds = 30;
    private const uint FailureSeconds = 5;
    private readonly byte[] message;
    private readonly TimeProvider time;
    private readonly long takenAt;
    private readonly uint lifetime;

    /// <param name="message">The message; <see cref="UpstreamQuery.IsAnsweredBy"/> held.</param>
    /// <param name="questionEnd">Where its question ends.</param>
    /// <param name="time">Clock.</param>
    public UpstreamAnswer(byte[] message, int questionEnd, TimeProvider time)
    {
        (this.time, takenAt, QuestionEnd) = (time, time.GetTimestamp(), questionEnd);
        var least = LongestSeconds;
        var (end, additionals) = (message.Length, 0);
        var records = new RecordReader(message, questionEnd);
        while (records.Next())
        {
            if (records.Type == RecordType.Opt)
            {
                // It speaks of the way between that server and us. It is the last of the message; what may follow is dropped with it.
                end = records.Start;
                break;
            }

            additionals += records.Section == 2 ? 1 : 0;
            least = Math.Min(least, records.Ttl);
        }

        this.message = message[..end];
        BinaryPrimitives.WriteUInt16BigEndian(this.message.AsSpan(10), (ushort)additionals);
        lifetime = Code == ResponseCode.ServerFailure ? Math.Min(least, FailureSeconds) : least;
    }

    public int QuestionEnd { get; }

    public ResponseCode Code => (ResponseCode)(message[3] & 0xF);

    public bool IsFresh => time.GetElapsedTime(takenAt).TotalSeconds < lifetime;

    /// <summary>The message with its times counted down.</summary>
    /// <param name="into">At least as long as the message.</param>
    /// <returns>Its length.</returns>
    public int CopyTo(Span<byte> into)
    {
        message.CopyTo(into);
        var passed = (uint)time.GetElapsedTime(takenAt).TotalSeconds;
        var records = Records();
        while (records.Next())
        {
            BinaryPrimitives.WriteUInt32BigEndian(into[records.TtlAt..], records.Ttl > passed ? records.Ttl - passed : 0);
        }

        return message.Length;
    }

    public int Length => message.Length;

    /// <summary>The records; names in them may be pointers into <see cref="Message"/>.</summary>
    public RecordReader Records() => new(message, QuestionEnd);

    public ReadOnlySpan<byte> Message => message;
}
