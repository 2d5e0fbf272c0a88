using System.Buffers;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;

namespace GrainKube.Networking.Dns.Serving;

/// <summary>Answers on one address, by UDP and TCP, until disposed.</summary>
internal sealed partial class DnsListener : IAsyncDisposable
{
    private const int LongestQuestion = 4096;
    private const int MaximumConnections = 500;
    private const int MaximumWaiting = 2000;
    private const int LevelSocket = 1;
    private const int ReusePort = 15;
    private static readonly TimeSpan IdleTime = TimeSpan.FromSeconds(10);
    private readonly Resolver resolver;
    private readonly TimeProvider time;
    private readonly ILogger log;
    private readonly Socket datagrams;
    private readonly Socket connections;
    private readonly CancellationTokenSource stopping = new();
    private readonly SemaphoreSlim room = new(MaximumConnections);
    private readonly Task running;
    private int waiting;

    /// <exception cref="SocketException">The address is not local, or taken by somebody who does not share it.</exception>
    public DnsListener(IPEndPoint endpoint, Resolver resolver, TimeProvider time, ILogger log)
    {
        (this.resolver, this.time, this.log) = (resolver, time, log);
        (datagrams, connections) = endpoint.Port == 0 ? OpenAnywhere(endpoint) : Open(endpoint, share: true);
        Endpoint = (IPEndPoint)datagrams.LocalEndPoint!;
        running = Task.WhenAll(Task.Run(ReceiveAsync), Task.Run(AcceptAsync));
    }

    /// <summary>Where it answers.</summary>
    public IPEndPoint Endpoint { get; }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        datagrams.Dispose();
        connections.Dispose();
        await running;
        stopping.Dispose();
    }

    // A port that is free for one protocol may be somebody's for the other; then another is asked for.
    private static (Socket Datagrams, Socket Connections) OpenAnywhere(IPEndPoint endpoint)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                return Open(endpoint, share: false);
            }
            catch (SocketException taken) when (taken.SocketErrorCode == SocketError.AddressAlreadyInUse && tries < 100)
            {
            }
        }
    }

    private static (Socket Datagrams, Socket Connections) Open(IPEndPoint endpoint, bool share)
    {
        var datagrams = Bind(endpoint, SocketType.Dgram, ProtocolType.Udp, share);
        try
        {
            var connections = Bind((IPEndPoint)datagrams.LocalEndPoint!, SocketType.Stream, ProtocolType.Tcp, share);
            return (datagrams, connections);
        }
        catch
        {
            datagrams.Dispose();
            throw;
        }
    }

    private static Socket Bind(IPEndPoint endpoint, SocketType type, ProtocolType protocol, bool share)
    {
        var socket = new Socket(endpoint.AddressFamily, type, protocol);
        try
        {
            if (share)
            {
                // Servers of one cluster on one machine share the address; when one dies, the kernel gives its share to the others.
                socket.SetRawSocketOption(LevelSocket, ReusePort, BitConverter.GetBytes(1));
            }

            if (type == SocketType.Dgram)
            {
                socket.ReceiveBufferSize = 1 << 20;
            }

            socket.Bind(endpoint);
            if (type == SocketType.Stream)
            {
                socket.Listen(128);
            }

            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private async Task ReceiveAsync()
    {
        var question = new byte[LongestQuestion];
        var answer = new byte[Resolver.BufferLength];
        var sender = new SocketAddress(Endpoint.AddressFamily);
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                var received = await datagrams.ReceiveFromAsync(question, SocketFlags.None, sender, stopping.Token);
                if (resolver.TryAnswer(question.AsSpan(0, received), tcp: false, answer, out var length))
                {
                    if (length > 0)
                    {
                        await datagrams.SendToAsync(answer.AsMemory(0, length), SocketFlags.None, sender, stopping.Token);
                    }
                }
                else if (Volatile.Read(ref waiting) < MaximumWaiting)
                {
                    Interlocked.Increment(ref waiting);
                    _ = AnswerLaterAsync(question[..received], Copy(sender));
                }
            }
            catch (Exception ended) when (stopping.IsCancellationRequested && ended is OperationCanceledException or ObjectDisposedException or SocketException)
            {
                return;
            }
            catch (SocketException)
            {
                // Of one datagram: its sender is gone, or takes nothing so long.
            }
            catch (Exception fault) when (fault is IndexOutOfRangeException or ArgumentException)
            {
                LogFault(fault); // a packet that the codec is not up to must not end the service for all others
            }
        }
    }

    private async Task AnswerLaterAsync(byte[] question, SocketAddress sender)
    {
        var answer = ArrayPool<byte>.Shared.Rent(Resolver.BufferLength);
        try
        {
            var length = await resolver.AnswerAsync(question, tcp: false, answer);
            await datagrams.SendToAsync(answer.AsMemory(0, length), SocketFlags.None, sender, stopping.Token);
        }
        catch (Exception gone) when (gone is OperationCanceledException or ObjectDisposedException or SocketException)
        {
            // The sender or we are gone.
        }
        catch (Exception fault) when (fault is IndexOutOfRangeException or ArgumentException)
        {
            LogFault(fault);
        }
        finally
        {
            Interlocked.Decrement(ref waiting);
            ArrayPool<byte>.Shared.Return(answer);
        }
    }

    private static SocketAddress Copy(SocketAddress address)
    {
        var copy = new SocketAddress(address.Family, address.Size);
        address.Buffer.Span[..address.Size].CopyTo(copy.Buffer.Span);
        return copy;
    }

    private async Task AcceptAsync()
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                await room.WaitAsync(stopping.Token);
                _ = ServeAsync(await connections.AcceptAsync(stopping.Token));
            }
            catch (Exception ended) when (stopping.IsCancellationRequested && ended is OperationCanceledException or ObjectDisposedException or SocketException)
            {
                return;
            }
            catch (SocketException failed)
            {
                room.Release();
                LogAcceptFailed(failed.Message);
            }
        }
    }

    private async Task ServeAsync(Socket client)
    {
        var answer = ArrayPool<byte>.Shared.Rent(Resolver.BufferLength + 2);
        try
        {
            await using var stream = new NetworkStream(client, ownsSocket: true);
            var head = new byte[2];
            while (true)
            {
                using var limit = new CancellationTokenSource(IdleTime, time);
                using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stopping.Token);
                await stream.ReadExactlyAsync(head, either.Token);
                var question = new byte[(head[0] << 8) | head[1]];
                await stream.ReadExactlyAsync(question, either.Token);
                if (!resolver.TryAnswer(question, tcp: true, answer.AsSpan(2), out var length))
                {
                    length = await resolver.AnswerAsync(question, tcp: true, answer.AsMemory(2));
                }

                if (length == 0)
                {
                    return;
                }

                (answer[0], answer[1]) = ((byte)(length >> 8), (byte)length);
                await stream.WriteAsync(answer.AsMemory(0, length + 2), either.Token);
            }
        }
        catch (Exception gone) when (gone is IOException or OperationCanceledException or ObjectDisposedException or SocketException)
        {
            // It has asked all it wanted.
        }
        catch (Exception fault) when (fault is IndexOutOfRangeException or ArgumentException)
        {
            LogFault(fault);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(answer);
            room.Release();
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "A DNS question could not be handled")]
    private partial void LogFault(Exception error);

    [LoggerMessage(Level = LogLevel.Warning, Message = "DNS could not accept a connection: {Why}")]
    private partial void LogAcceptFailed(string why);
}
