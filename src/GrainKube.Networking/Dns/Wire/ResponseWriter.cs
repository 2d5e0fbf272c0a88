using System.Buffers.Binary;

namespace GrainKube.Networking.Dns.Wire;

/// <summary>Writes an answer: the question as it was asked, then records. A record that does not fit is left out whole.</summary>
/// <remarks>
/// The codec is ours because the libraries there are keep theirs for their own servers (ARSoft.Tools.Net has no public way to encode a message and brings five megabytes of cryptography);
/// its client is the judge of this one in the tests.
/// </remarks>
internal ref struct ResponseWriter
{
    /// <summary>A buffer needs this much room beyond the longest answer: a record is written before it is measured.</summary>
    public const int Slack = 2048;

    private const int OptLength = 11;
    private const int OwnUdpSize = 1232;
    private const ushort Internet = 1;
    private readonly Span<byte> buffer;
    private readonly Query query;
    private readonly int limit;
    private int position;
    private int answers;
    private int authorities;
    private int additionals;
    private List<(int Owner, byte[] Address, uint Ttl)>? deferred;

    /// <param name="buffer">Where to write; longer than <paramref name="limit"/> by <see cref="Slack"/>.</param>
    /// <param name="query">What was asked.</param>
    /// <param name="limit">Longest answer in bytes.</param>
    public ResponseWriter(Span<byte> buffer, Query query, int limit)
    {
        this.buffer = buffer;
        this.query = query;
        this.limit = limit - (query.HasEdns ? OptLength : 0);
        position = query.QuestionEnd;
        query.Packet[..position].CopyTo(buffer);
    }

    public readonly int Answers => answers;

    public readonly int Position => position;

    /// <summary>An answer did not fit.</summary>
    public bool IsTruncated { get; private set; }

    /// <summary>An A or AAAA record.</summary>
    /// <param name="owner">Where in the message the owner's name stands.</param>
    /// <param name="address">4 or 16 bytes.</param>
    /// <param name="ttl">Seconds.</param>
    public void Address(int owner, scoped ReadOnlySpan<byte> address, uint ttl) => Address(owner, address, ttl, section: 0);

    /// <summary>An address for the additional section, which is written when all answers are.</summary>
    public void Defer(int owner, byte[] address, uint ttl) => (deferred ??= []).Add((owner, address, ttl));

    private void Address(int owner, scoped ReadOnlySpan<byte> address, uint ttl, int section)
    {
        var start = Begin(owner, address.Length == 4 ? RecordType.A : RecordType.Aaaa, ttl);
        address.CopyTo(buffer[position..]);
        position += address.Length;
        End(start, section);
    }

    /// <summary>A CNAME, PTR or NS record.</summary>
    /// <returns>Where the target's name stands, or -1 where it could not be written.</returns>
    public int Name(int owner, RecordType type, scoped ReadOnlySpan<char> target, uint ttl)
    {
        var start = Begin(owner, type, ttl);
        var at = position;
        if (!Write(target))
        {
            position = start;
            return -1;
        }

        return End(start, 0) ? at : -1;
    }

    /// <returns>Where the target's name stands, or -1.</returns>
    public int Srv(int owner, int weight, int port, scoped ReadOnlySpan<char> label, scoped ReadOnlySpan<char> target, uint ttl)
    {
        var start = Begin(owner, RecordType.Srv, ttl);
        Number(0);
        Number(weight);
        Number(port);
        var at = position;
        if (label.Length > 0)
        {
            buffer[position++] = (byte)label.Length;
            foreach (var letter in label)
            {
                buffer[position++] = (byte)letter;
            }
        }

        if (!Write(target))
        {
            position = start;
            return -1;
        }

        return End(start, 0) ? at : -1;
    }

    public void Text(int owner, scoped ReadOnlySpan<byte> text, uint ttl)
    {
        var start = Begin(owner, RecordType.Txt, ttl);
        buffer[position++] = (byte)text.Length;
        text.CopyTo(buffer[position..]);
        position += text.Length;
        End(start, 0);
    }

    /// <summary>The start of authority: an answer where it was asked for, otherwise the proof of a negative answer.</summary>
    public void Soa(int owner, scoped ReadOnlySpan<char> zone, uint serial, uint ttl, bool authority)
    {
        var start = Begin(owner, RecordType.Soa, ttl);
        Label("ns"u8);
        Label("dns"u8);
        Write(zone);
        Label("hostmaster"u8);
        Write(zone);
        foreach (var value in (ReadOnlySpan<uint>)[serial, 7200, 1800, 86400, ttl])
        {
            BinaryPrimitives.WriteUInt32BigEndian(buffer[position..], value);
            position += 4;
        }

        End(start, authority ? 1 : 0);
    }

    /// <summary>A record of another message, its data in one piece.</summary>
    /// <param name="owner">The owner's name in one piece.</param>
    /// <returns>False where it did not fit.</returns>
    public bool Copy(scoped ReadOnlySpan<byte> owner, RecordType type, uint ttl, scoped ReadOnlySpan<byte> data)
    {
        var start = position;
        owner.CopyTo(buffer[position..]);
        position += owner.Length;
        Fixed(type, ttl);
        data.CopyTo(buffer[position..]);
        position += data.Length;
        BinaryPrimitives.WriteUInt16BigEndian(buffer[(position - data.Length - 2)..], (ushort)data.Length);
        return Keep(start, 0);
    }

    /// <summary>Says that the answer is longer than the client takes; it will ask again by TCP.</summary>
    public void Truncate() => IsTruncated = true;

    /// <summary>Completes the message.</summary>
    /// <returns>Its length.</returns>
    public int Finish(ResponseCode code, bool authoritative)
    {
        foreach (var (owner, address, ttl) in deferred ?? [])
        {
            Address(owner, address, ttl, section: 2);
        }

        const int response = 0x8000, authority = 0x0400, truncated = 0x0200, recursionAvailable = 0x0080, keep = 0x7900;
        var flags = response | (query.Flags & keep) | recursionAvailable | ((int)code & 0xF) | (authoritative ? authority : 0) | (IsTruncated ? truncated : 0);
        BinaryPrimitives.WriteUInt16BigEndian(buffer[2..], (ushort)flags);
        BinaryPrimitives.WriteUInt16BigEndian(buffer[4..], (ushort)(query.QuestionEnd > Query.HeaderLength ? 1 : 0));
        BinaryPrimitives.WriteUInt16BigEndian(buffer[6..], (ushort)answers);
        BinaryPrimitives.WriteUInt16BigEndian(buffer[8..], (ushort)authorities);
        if (query.HasEdns)
        {
            position += WriteOpt(buffer[position..], code, query.WantsDnssec);
            additionals++;
        }

        BinaryPrimitives.WriteUInt16BigEndian(buffer[10..], (ushort)additionals);
        return position;
    }

    /// <summary>Writes an OPT record (RFC 6891) of ours.</summary>
    /// <returns>Its length.</returns>
    public static int WriteOpt(Span<byte> into, ResponseCode code, bool dnssec)
    {
        into[..OptLength].Clear();
        BinaryPrimitives.WriteUInt16BigEndian(into[1..], (ushort)RecordType.Opt);
        BinaryPrimitives.WriteUInt16BigEndian(into[3..], OwnUdpSize);
        into[5] = (byte)((int)code >> 4);
        into[7] = (byte)(dnssec ? 0x80 : 0);
        return OptLength;
    }

    private int Begin(int owner, RecordType type, uint ttl)
    {
        var start = position;
        BinaryPrimitives.WriteUInt16BigEndian(buffer[position..], (ushort)(0xC000 | owner));
        position += 2;
        Fixed(type, ttl);
        return start;
    }

    private void Fixed(RecordType type, uint ttl)
    {
        Number((int)type);
        Number(Internet);
        BinaryPrimitives.WriteUInt32BigEndian(buffer[position..], ttl);
        position += 6; // and the length of the data, which is not known yet
    }

    private bool End(int start, int section)
    {
        var data = start + 12;
        BinaryPrimitives.WriteUInt16BigEndian(buffer[(data - 2)..], (ushort)(position - data));
        return Keep(start, section);
    }

    private bool Keep(int start, int section)
    {
        if (position > limit || (section == 0 && IsTruncated))
        {
            position = start;
            IsTruncated |= section == 0;
            return false;
        }

        _ = section == 0 ? answers++ : section == 1 ? authorities++ : additionals++;
        return true;
    }

    private void Number(int value)
    {
        BinaryPrimitives.WriteUInt16BigEndian(buffer[position..], (ushort)value);
        position += 2;
    }

    private void Label(scoped ReadOnlySpan<byte> label)
    {
        buffer[position++] = (byte)label.Length;
        label.CopyTo(buffer[position..]);
        position += label.Length;
    }

    private bool Write(scoped ReadOnlySpan<char> name)
    {
        var length = WireName.Write(name, buffer[position..]);
        position += Math.Max(0, length);
        return length >= 0;
    }
}
