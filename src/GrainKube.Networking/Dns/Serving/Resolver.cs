using System.Buffers.Binary;
using GrainKube.Networking.Dns.Forwarding;
using GrainKube.Networking.Dns.Wire;
using GrainKube.Networking.Dns.Zone;

namespace GrainKube.Networking.Dns.Serving;

/// <summary>Turns a packet into its answer: the cluster's names at once, all others after asking elsewhere.</summary>
internal sealed class Resolver(ClusterZone zone, ZoneAnswers answers, Forwarder forwarder, LoopProbe loop)
{
    /// <summary>Longest answer by TCP.</summary>
    public const int MaximumLength = ushort.MaxValue;

    /// <summary>A buffer for answers.</summary>
    public const int BufferLength = MaximumLength + ResponseWriter.Slack;

    private const int LargestUdp = 1232; // fits any path (DNS flag day 2020)
    private const ushort Internet = 1;

    /// <summary>Answers what can be answered without asking others.</summary>
    /// <param name="packet">The question.</param>
    /// <param name="tcp">How it came.</param>
    /// <param name="into">At least <see cref="BufferLength"/>.</param>
    /// <param name="length">Of the answer; 0 where there is to be none.</param>
    /// <returns>False where others must be asked: call <see cref="AnswerAsync"/>.</returns>
    public bool TryAnswer(ReadOnlySpan<byte> packet, bool tcp, Span<byte> into, out int length)
    {
        length = 0;
        if (!Query.TryRead(packet, out var query))
        {
            return true;
        }

        var writer = new ResponseWriter(into, query, LimitOf(query, tcp));
        if (Refusal(query) is { } refusal)
        {
            length = writer.Finish(refusal, authoritative: false);
            return Count(refusal);
        }

        Span<char> name = stackalloc char[WireName.MaximumLength];
        name = name[..WireName.Fold(query.Name, name)];
        if (zone.Contains(name))
        {
            var code = answers.Write(query, name, ref writer, out var elsewhere);
            length = writer.Finish(code, authoritative: true);
            return elsewhere is null && Count(code);
        }

        if (zone.Table.TryFindReverse(name, out var names))
        {
            answers.WriteReverse(query, names, ref writer);
            length = writer.Finish(ResponseCode.NoError, authoritative: true);
            return Count(ResponseCode.NoError);
        }

        if (loop.IsOwn(name))
        {
            return true;
        }

        return false;
    }

    /// <summary>Answers after asking others.</summary>
    /// <returns>Length of the answer.</returns>
    public async Task<int> AnswerAsync(ReadOnlyMemory<byte> packet, bool tcp, Memory<byte> into)
    {
        var asking = Ask(packet.Span, out var isChain);
        var answer = await asking;
        return Compose(packet.Span, tcp, into.Span, answer, isChain);
    }

    private ValueTask<UpstreamAnswer?> Ask(ReadOnlySpan<byte> packet, out bool isChain)
    {
        Query.TryRead(packet, out var query);
        Span<byte> wire = stackalloc byte[WireName.MaximumLength];
        query.Name.CopyTo(wire);
        WireName.MakeLower(wire);
        Span<char> name = stackalloc char[WireName.MaximumLength];
        name = name[..WireName.Fold(query.Name, name)];
        isChain = zone.Contains(name);
        if (!isChain)
        {
            return forwarder.AskAsync(wire[..query.Name.Length], query.Type, query.WantsDnssec);
        }

        var writer = new ResponseWriter(new byte[BufferLength], query, MaximumLength);
        answers.Write(query, name, ref writer, out var elsewhere);
        var length = elsewhere is null ? -1 : WireName.Write(elsewhere, wire);
        return length < 0 ? default : forwarder.AskAsync(wire[..length], query.Type, dnssec: false);
    }

    private int Compose(ReadOnlySpan<byte> packet, bool tcp, Span<byte> into, UpstreamAnswer? answer, bool isChain)
    {
        Query.TryRead(packet, out var query);
        var limit = LimitOf(query, tcp);
        var writer = new ResponseWriter(into, query, limit);
        if (isChain)
        {
            Span<char> name = stackalloc char[WireName.MaximumLength];
            name = name[..WireName.Fold(query.Name, name)];
            var code = answers.Write(query, name, ref writer, out _);
            CopyAddresses(answer, ref writer);
            Count(code);
            return writer.Finish(code, authoritative: true);
        }

        if (answer is null)
        {
            Count(ResponseCode.ServerFailure);
            return writer.Finish(ResponseCode.ServerFailure, authoritative: false);
        }

        Count(answer.Code);
        return Relay(query, answer, into, limit, ref writer);
    }

    /// <summary>The other server's message, with the client's number and the name in the client's case.</summary>
    private static int Relay(in Query query, UpstreamAnswer answer, Span<byte> into, int limit, ref ResponseWriter writer)
    {
        if (answer.Length + (query.HasEdns ? 11 : 0) > limit)
        {
            writer.Truncate();
            return writer.Finish(answer.Code, authoritative: false);
        }

        var length = answer.CopyTo(into);
        query.Packet[..2].CopyTo(into);
        query.Name.CopyTo(into[Query.HeaderLength..]);
        const int recursionDesired = 0x01, checkingDisabled = 0x10, authoritative = 0x04;
        into[2] = (byte)((into[2] & ~(recursionDesired | authoritative)) | (query.Packet[2] & recursionDesired));
        into[3] = (byte)((into[3] & ~checkingDisabled) | (query.Packet[3] & checkingDisabled) | 0x80);
        if (query.HasEdns)
        {
            var count = BinaryPrimitives.ReadUInt16BigEndian(into[10..]);
            BinaryPrimitives.WriteUInt16BigEndian(into[10..], (ushort)(count + 1));
            length += ResponseWriter.WriteOpt(into[length..], ResponseCode.NoError, query.WantsDnssec);
        }

        return length;
    }

    private static void CopyAddresses(UpstreamAnswer? answer, ref ResponseWriter writer)
    {
        if (answer is null)
        {
            return; // the alias alone is true as well
        }

        Span<byte> owner = stackalloc byte[WireName.MaximumLength];
        Span<byte> target = stackalloc byte[WireName.MaximumLength];
        var records = answer.Records();
        while (records.Next() && records.Section == 0)
        {
            var ownerLength = WireName.Expand(answer.Message, records.Start, owner);
            var targetLength = records.Type == RecordType.Cname ? WireName.Expand(answer.Message, records.DataAt, target) : 0;
            var data = records.Type == RecordType.Cname ? target[..Math.Max(0, targetLength)] : answer.Message.Slice(records.DataAt, records.DataLength);
            if (ownerLength > 0 && targetLength >= 0 && records.Type is RecordType.A or RecordType.Aaaa or RecordType.Cname && data.Length < ResponseWriter.Slack / 2)
            {
                writer.Copy(owner[..ownerLength], records.Type, records.Ttl, data);
            }
        }
    }

    private static ResponseCode? Refusal(in Query query) =>
        query.Fault != ResponseCode.NoError ? query.Fault
        : query.Class != Internet || query.Type is RecordType.Axfr or RecordType.Ixfr ? ResponseCode.Refused
        : query.Type == RecordType.Opt ? ResponseCode.FormatError
        : null;

    private static int LimitOf(in Query query, bool tcp) => tcp ? MaximumLength : Math.Min(query.UdpSize, LargestUdp);

    private static bool Count(ResponseCode code)
    {
        DnsTelemetry.Count(code);
        return true;
    }
}
