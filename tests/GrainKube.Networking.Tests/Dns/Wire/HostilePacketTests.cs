using CsCheck;
using GrainKube.Networking.Dns.Forwarding;
using GrainKube.Networking.Dns.Serving;
using GrainKube.Networking.Dns.Wire;

namespace GrainKube.Networking.Tests.Dns.Wire;

public sealed class HostilePacketTests : IAsyncLifetime
{
    private static readonly byte[] Question =
        [0, 7, 1, 0, 0, 1, 0, 0, 0, 0, 0, 1, 3, .. "web"u8, 7, .. "default"u8, 3, .. "svc"u8, 7, .. "cluster"u8, 5, .. "local"u8, 0, 0, 1, 0, 1, 0, 0, 41, 4, 208, 0, 0, 0, 0, 0, 0];

    private readonly DnsBench dns = new();

    public HostilePacketTests() => dns.Service("web", "10.96.0.20");

    [Fact]
    public void Any_bytes_are_answered_or_dropped()
    {
        var buffer = new byte[Resolver.BufferLength];
        Gen.Byte.Array[0, 600].Sample(packet => Take(packet, buffer), iter: 20_000, threads: 1);
    }

    [Fact]
    public void A_question_with_bytes_changed_is_answered_or_dropped()
    {
        var buffer = new byte[Resolver.BufferLength];
        Gen.Select(Gen.Int[0, Question.Length - 1], Gen.Byte).Array[1, 6].Sample(
            changes =>
            {
                var packet = (byte[])Question.Clone();
                foreach (var (at, value) in changes)
                {
                    packet[at] = value;
                }

                return Take(packet, buffer);
            },
            iter: 20_000,
            threads: 1);
    }

    [Fact]
    public void Any_cut_of_a_question_is_answered_or_dropped()
    {
        var buffer = new byte[Resolver.BufferLength];
        for (var length = 0; length <= Question.Length; length++)
        {
            Assert.True(Take(Question[..length], buffer));
        }
    }

    [Fact]
    public void Any_message_of_another_server_is_taken_or_refused()
    {
        Span<byte> name = stackalloc byte[WireName.MaximumLength];
        var query = new UpstreamQuery(name[..WireName.Write("example.com", name)], RecordType.A, dnssec: false);
        var head = query.Packet[..query.QuestionEnd].ToArray();
        head[2] |= 0x80;
        var buffer = new byte[Resolver.BufferLength];
        Gen.Select(Gen.Byte.Array[0, 200], Gen.Byte[0, 3], Gen.Byte[0, 3], Gen.Byte[0, 3]).Sample(
            (rest, answers, authorities, additionals) =>
            {
                byte[] message = [.. head, .. rest];
                (message[7], message[9], message[11]) = (answers, authorities, additionals);
                return !query.IsAnsweredBy(message) || new UpstreamAnswer(message, query.QuestionEnd, TimeProvider.System).CopyTo(buffer) <= message.Length;
            },
            iter: 20_000,
            threads: 1);
    }

    [Fact]
    public void Names_with_pointers_in_a_circle_are_refused()
    {
        byte[] packet = [0xC0, 2, 0xC0, 0, 1, (byte)'a', 0xC0, 0];

        Assert.Equal(-1, WireName.Expand(packet, 0, new byte[255]));
        Assert.Equal(-1, WireName.Expand(packet, 2, new byte[255]));
        Assert.Equal(-1, WireName.LengthOf(packet, 4));
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await dns.DisposeAsync();

    private bool Take(byte[] packet, byte[] buffer)
    {
        var answered = dns.Resolver.TryAnswer(packet, tcp: false, buffer, out var length);
        return (answered && length is 0 or >= 12 and <= 1232) || (!answered && length <= 1232);
    }
}
