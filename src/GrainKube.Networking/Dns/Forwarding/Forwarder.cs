using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using GrainKube.Networking.Dns.Wire;

namespace GrainKube.Networking.Dns.Forwarding;

/// <summary>Asks the host's servers what the cluster does not know, and remembers their answers.</summary>
internal sealed class Forwarder(UpstreamServers upstreams, AnswerCache cache, TimeProvider time)
{
    private const int MaximumAtOnce = 1000;
    private const int Rounds = 2;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private readonly ConcurrentDictionary<AnswerKey, Task<UpstreamAnswer?>> asking = new();

    /// <param name="name">The name in one piece, lower-case.</param>
    /// <param name="type">What is asked.</param>
    /// <param name="dnssec">Whether DNSSEC records are wanted.</param>
    /// <returns>The answer, or null where no server gives one.</returns>
    public ValueTask<UpstreamAnswer?> AskAsync(ReadOnlySpan<byte> name, RecordType type, bool dnssec)
    {
        var key = AnswerKey.Of(name, type, dnssec);
        if (cache.Find(key) is { } known)
        {
            return ValueTask.FromResult<UpstreamAnswer?>(known);
        }

        // Who asks the same at the same time shares the answer.
        if (asking.TryGetValue(key, out var running))
        {
            return new ValueTask<UpstreamAnswer?>(running);
        }

        return asking.Count >= MaximumAtOnce ? ValueTask.FromResult<UpstreamAnswer?>(null) : new ValueTask<UpstreamAnswer?>(StartAsync(key, name.ToArray(), type, dnssec));
    }

    private async Task<UpstreamAnswer?> StartAsync(AnswerKey key, byte[] name, RecordType type, bool dnssec)
    {
        var mine = new TaskCompletionSource<UpstreamAnswer?>(TaskCreationOptions.RunContinuationsAsynchronously);
        var shared = asking.GetOrAdd(key, mine.Task);
        if (shared != mine.Task)
        {
            return await shared;
        }

        UpstreamAnswer? answer = null;
        try
        {
            answer = await AskServersAsync(new UpstreamQuery(name, type, dnssec));
            if (answer is not null)
            {
                cache.Keep(key, answer);
            }
        }
        finally
        {
            asking.TryRemove(key, out _);
            mine.SetResult(answer);
        }

        return answer;
    }

    private async Task<UpstreamAnswer?> AskServersAsync(UpstreamQuery query)
    {
        for (var round = 0; round < Rounds; round++)
        {
            foreach (var server in upstreams.Current)
            {
                try
                {
                    using var limit = new CancellationTokenSource(Patience, time);
                    var message = await AskByUdpAsync(server, query, limit.Token);
                    if (UpstreamQuery.IsTruncated(message))
                    {
                        message = await AskByTcpAsync(server, query, limit.Token);
                    }

                    return new UpstreamAnswer(message, query.QuestionEnd, time);
                }
                catch (Exception failed) when (failed is SocketException or OperationCanceledException or IOException)
                {
                    // The next server, or the same again.
                }
            }
        }

        return null;
    }

    private static async Task<byte[]> AskByUdpAsync(IPEndPoint server, UpstreamQuery query, CancellationToken cancel)
    {
        // A socket for each question: its port is a secret that a forger has to guess.
        using var socket = new Socket(server.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        await socket.ConnectAsync(server, cancel);
        await socket.SendAsync(query.Packet, cancel);
        var buffer = new byte[4096];
        while (true)
        {
            var length = await socket.ReceiveAsync(buffer, cancel);
            if (query.IsAnsweredBy(buffer.AsSpan(0, length)))
            {
                return buffer[..length];
            }
        }
    }

    private static async Task<byte[]> AskByTcpAsync(IPEndPoint server, UpstreamQuery query, CancellationToken cancel)
    {
        using var socket = new Socket(server.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(server, cancel);
        await using var stream = new NetworkStream(socket);
        byte[] framed = [(byte)(query.Packet.Length >> 8), (byte)query.Packet.Length, .. query.Packet.Span];
        await stream.WriteAsync(framed, cancel);
        var head = new byte[2];
        await stream.ReadExactlyAsync(head, cancel);
        var message = new byte[(head[0] << 8) | head[1]];
        await stream.ReadExactlyAsync(message, cancel);
        return query.IsAnsweredBy(message) ? message : throw new IOException($"{server} answered something else");
    }
}
