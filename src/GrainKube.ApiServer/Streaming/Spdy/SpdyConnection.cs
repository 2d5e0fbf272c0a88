using System.Buffers;
using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Threading.Channels;

namespace GrainKube.ApiServer.Streaming.Spdy;

/// <summary>
/// The server's end of a SPDY/3.1 session as Kubernetes' clients speak it: they open streams, name their purpose in headers, and both sides send. They keep no windows (their library neither
/// sends nor heeds them), so ours are told but nobody is held to them: a full stream makes the connection wait.
/// </summary>
internal sealed class SpdyConnection(Stream transport) : IDisposable
{
    private const int MostControl = 64 * 1024;
    private const int MostStreams = 1024;
    private const int MostData = 64 * 1024;

    private readonly HeaderReader headerReader = new();
    private readonly HeaderWriter headerWriter = new();
    private readonly SemaphoreSlim writing = new(1, 1);
    private readonly ConcurrentDictionary<int, SpdyStream> streams = new();
    private readonly Channel<SpdyStream> opened = Channel.CreateUnbounded<SpdyStream>(new UnboundedChannelOptions { SingleWriter = true });
    private int lastStream;

    /// <summary>The streams as the client opens them; completed with the connection.</summary>
    public ChannelReader<SpdyStream> Opened => opened.Reader;

    /// <summary>Reads until the client closes the connection. All streams' inputs have ended then.</summary>
    /// <exception cref="IOException">The connection broke, or the client broke the protocol.</exception>
    public async Task RunAsync(CancellationToken cancel)
    {
        try
        {
            var head = new byte[SpdyFrame.HeadSize];
            while (await transport.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, cancel) == head.Length)
            {
                var frame = SpdyFrame.Read(head);
                await (frame.Type is null ? ReceiveDataAsync(frame, cancel) : ReceiveControlAsync(frame, cancel));
            }
        }
        catch (SpdyProtocolException)
        {
            await SendAsync(SpdyFrame.Control(SpdyFrameType.GoAway, lastStream, 1), cancel);
            throw;
        }
        finally
        {
            opened.Writer.TryComplete();
            foreach (var stream in streams.Values)
            {
                await stream.AbandonAsync();
            }
        }
    }

    /// <summary>Tells the client that no new stream is welcome.</summary>
    public Task GoAwayAsync(CancellationToken cancel) => SendAsync(SpdyFrame.Control(SpdyFrameType.GoAway, lastStream, 0), cancel);

    public void Dispose() => writing.Dispose();

    internal async ValueTask SendDataAsync(int stream, ReadOnlyMemory<byte> data, bool final, CancellationToken cancel)
    {
        do
        {
            var piece = data[..Math.Min(data.Length, MostData)];
            data = data[piece.Length..];
            var frame = ArrayPool<byte>.Shared.Rent(SpdyFrame.HeadSize + piece.Length);
            try
            {
                SpdyFrame.WriteDataHead(frame, stream, final && data.Length == 0, piece.Length);
                piece.CopyTo(frame.AsMemory(SpdyFrame.HeadSize));
                await SendAsync(frame.AsMemory(0, SpdyFrame.HeadSize + piece.Length), cancel);
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(frame);
            }
        }
        while (data.Length > 0);
    }

    internal Task ResetAsync(int stream, SpdyReset why, CancellationToken cancel) =>
        SendAsync(SpdyFrame.Control(SpdyFrameType.RstStream, stream, (int)why), cancel);

    /// <summary>A stream that is closed on both sides needs no memory.</summary>
    internal void Forget(SpdyStream stream)
    {
        if (stream.InputEnded && stream.OutputEnded)
        {
            streams.TryRemove(stream.Id, out _);
        }
    }

    private async Task SendAsync(ReadOnlyMemory<byte> frame, CancellationToken cancel)
    {
        await writing.WaitAsync(cancel);
        try
        {
            await transport.WriteAsync(frame, cancel);
            await transport.FlushAsync(cancel);
        }
        finally
        {
            writing.Release();
        }
    }

    private async Task ReceiveDataAsync(SpdyFrame frame, CancellationToken cancel)
    {
        var stream = streams.GetValueOrDefault(frame.Stream);
        var left = frame.Length;
        while (left > 0)
        {
            if (stream is null || stream.InputEnded)
            {
                left -= await DropAsync(left, cancel);
                continue;
            }

            // A frame may be 16 MiB: it goes on as it comes.
            var space = stream.Received.GetMemory(Math.Min(left, MostData));
            var count = await transport.ReadAsync(space[..Math.Min(left, space.Length)], cancel);
            if (count == 0)
            {
                throw new EndOfStreamException("the connection ended within a frame");
            }

            left -= count;
            stream.Received.Advance(count);
            if ((await stream.Received.FlushAsync(cancel)).IsCompleted)
            {
                await stream.EndInputAsync(); // nobody reads any more
            }
        }

        if (stream is not null)
        {
            await UpdateWindowsAsync(stream, frame, cancel);
        }
    }

    private async Task UpdateWindowsAsync(SpdyStream stream, SpdyFrame frame, CancellationToken cancel)
    {
        if (frame.Length > 0)
        {
            await SendAsync(SpdyFrame.Control(SpdyFrameType.WindowUpdate, 0, frame.Length), cancel);
        }

        if (frame.IsFinal)
        {
            await stream.EndInputAsync();
            Forget(stream);
        }
        else if (frame.Length > 0)
        {
            await SendAsync(SpdyFrame.Control(SpdyFrameType.WindowUpdate, stream.Id, frame.Length), cancel);
        }
    }

    private async Task<int> DropAsync(int length, CancellationToken cancel)
    {
        var space = ArrayPool<byte>.Shared.Rent(Math.Min(length, MostData));
        try
        {
            var count = await transport.ReadAsync(space.AsMemory(0, Math.Min(length, space.Length)), cancel);
            return count > 0 ? count : throw new EndOfStreamException("the connection ended within a frame");
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(space);
        }
    }

    private async Task ReceiveControlAsync(SpdyFrame frame, CancellationToken cancel)
    {
        if (frame.Length > MostControl)
        {
            throw new SpdyProtocolException("control frame too large");
        }

        var payload = new byte[frame.Length];
        await transport.ReadExactlyAsync(payload, cancel);
        switch (frame.Type)
        {
            case SpdyFrameType.SynStream:
                await OpenAsync(frame, payload, cancel);
                break;
            case SpdyFrameType.RstStream when payload.Length == 8:
                if (streams.TryRemove(Number(payload), out var reset))
                {
                    await reset.AbandonAsync();
                }

                break;
            case SpdyFrameType.Ping when payload.Length == 4 && (Number(payload) & 1) == 1: // of an even number it would be the answer to ours
                await SendAsync(SpdyFrame.Control(SpdyFrameType.Ping, 0, payload), cancel);
                break;
            case SpdyFrameType.Headers or SpdyFrameType.SynReply when payload.Length > 4:
                headerReader.Read(payload.AsSpan(4)); // for the compression's state only
                break;
        }
    }

    private async Task OpenAsync(SpdyFrame frame, byte[] payload, CancellationToken cancel)
    {
        if (payload.Length < 10)
        {
            throw new SpdyProtocolException("a stream's first frame is too short");
        }

        var id = Number(payload);
        var headers = headerReader.Read(payload.AsSpan(10));
        if (id <= lastStream || (id & 1) == 0)
        {
            throw new SpdyProtocolException($"stream {id} after {lastStream}");
        }

        lastStream = id;
        if (streams.Count >= MostStreams)
        {
            await ResetAsync(id, SpdyReset.RefusedStream, cancel);
            return;
        }

        var stream = new SpdyStream(this, id, headers);
        streams[id] = stream;

        // The clients drop data that comes before the reply.
        await ReplyAsync(id, cancel);
        if (frame.IsFinal)
        {
            await stream.EndInputAsync();
        }

        opened.Writer.TryWrite(stream);
    }

    private async Task ReplyAsync(int id, CancellationToken cancel)
    {
        await writing.WaitAsync(cancel);
        try
        {
            // Made under the lock: blocks go out in the order in which they were compressed.
            var block = headerWriter.Write([]);
            var payload = new byte[4 + block.Length];
            BinaryPrimitives.WriteInt32BigEndian(payload, id);
            block.CopyTo(payload, 4);
            await transport.WriteAsync(SpdyFrame.Control(SpdyFrameType.SynReply, 0, payload), cancel);
            await transport.FlushAsync(cancel);
        }
        finally
        {
            writing.Release();
        }
    }

    private static int Number(byte[] payload) => BinaryPrimitives.ReadInt32BigEndian(payload) & 0x7FFF_FFFF;
}
