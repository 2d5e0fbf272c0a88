using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using GrainKube.ApiMachinery.Errors;
using GrainKube.Objects.Nodes;

namespace GrainKube.ApiServer.Streaming.Spdy;

/// <summary>An exec or attach over SPDY: the client opens a stream for each of its files, then the session's frames flow. Versions 1 to 4 of the protocol.</summary>
internal sealed class SpdySession(SpdyConnection connection, IKubeletGrain kubelet, string session, ContainerStreamRequest request, string protocol, TimeProvider time)
{
    public const string V1 = "channel.k8s.io";
    public const string V2 = "v2.channel.k8s.io";
    public const string V3 = "v3.channel.k8s.io";
    public const string V4 = "v4.channel.k8s.io";
    private const int PieceSize = 32 * 1024;
    private static readonly TimeSpan StreamsTimeout = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan CloseTimeout = TimeSpan.FromSeconds(10);

    private readonly Dictionary<StreamChannel, SpdyStream> streams = [];

    public async Task RunAsync(CancellationToken aborted)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(aborted);
        var reading = ReadAsync(over);
        var inputs = new List<Task>();
        try
        {
            if (await AwaitStreamsAsync(over.Token))
            {
                inputs.Add(StdinAsync(over.Token));
                inputs.Add(ResizesAsync(over.Token));
                inputs.Add(DropUnexpectedAsync(over.Token));
                await OutputAsync(over.Token);
            }

            // Whoever closes first with bytes unread resets the connection, and with it what the client has not read yet: the client goes first.
            await connection.GoAwayAsync(over.Token);
            await Task.WhenAny(reading, Task.Delay(CloseTimeout, time, over.Token));
        }
        catch (Exception error) when (error is IOException || (error is OperationCanceledException && over.IsCancellationRequested))
        {
            // The client has left; the session is closed behind it.
        }
        finally
        {
            await over.CancelAsync();
            await Task.WhenAll([reading, .. inputs]);
        }
    }

    private async Task ReadAsync(CancellationTokenSource over)
    {
        try
        {
            await connection.RunAsync(over.Token);
        }
        catch (Exception error) when (error is IOException or OperationCanceledException)
        {
            // As above.
        }
        finally
        {
            await over.CancelAsync();
        }
    }

    /// <returns>False where the client left without opening them all.</returns>
    private async Task<bool> AwaitStreamsAsync(CancellationToken cancel)
    {
        var wanted = new HashSet<StreamChannel> { StreamChannel.Error };
        AddIf(request.Stdin, StreamChannel.Stdin);
        AddIf(request.Stdout, StreamChannel.Stdout);
        AddIf(request.Stderr, StreamChannel.Stderr);
        AddIf(request.Tty && protocol is V3 or V4, StreamChannel.Resize);
        using var patience = new CancellationTokenSource(StreamsTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancel);
        while (wanted.Count > 0)
        {
            SpdyStream stream;
            try
            {
                if (!await connection.Opened.WaitToReadAsync(either.Token) || !connection.Opened.TryRead(out stream!))
                {
                    return false;
                }
            }
            catch (OperationCanceledException) when (patience.IsCancellationRequested)
            {
                return false;
            }

            if (ChannelOf(stream) is { } channel && wanted.Remove(channel))
            {
                streams[channel] = stream;
            }
            else
            {
                await stream.ResetAsync(SpdyReset.RefusedStream, cancel);
            }
        }

        return true;

        void AddIf(bool condition, StreamChannel channel)
        {
            if (condition)
            {
                wanted.Add(channel);
            }
        }
    }

    private static StreamChannel? ChannelOf(SpdyStream stream) => stream.Header("streamtype") switch
    {
        "stdin" => StreamChannel.Stdin,
        "stdout" => StreamChannel.Stdout,
        "stderr" => StreamChannel.Stderr,
        "error" => StreamChannel.Error,
        "resize" => StreamChannel.Resize,
        _ => null,
    };

    private async Task DropUnexpectedAsync(CancellationToken cancel)
    {
        try
        {
            await foreach (var stream in connection.Opened.ReadAllAsync(cancel))
            {
                await stream.ResetAsync(SpdyReset.RefusedStream, cancel);
            }
        }
        catch (Exception error) when (error is OperationCanceledException or IOException)
        {
            // The session is over.
        }
    }

    private async Task OutputAsync(CancellationToken cancel)
    {
        await foreach (var frame in kubelet.ReadOutputAsync(session, cancel).WithBatchSize(4).WithCancellation(cancel))
        {
            if (frame.Channel != StreamChannel.Error)
            {
                if (streams.GetValueOrDefault(frame.Channel) is { } stream)
                {
                    await stream.WriteAsync(frame.Data, cancel);
                }

                continue;
            }

            await streams[StreamChannel.Error].WriteAsync(protocol == V4 ? frame.Data : PlainWords(frame.Data), cancel);
            foreach (var open in streams.Values)
            {
                await open.CloseAsync(cancel);
            }

            return;
        }
    }

    /// <summary>Before version 4 only a failure is told, and as text.</summary>
    internal static byte[] PlainWords(byte[] json)
    {
        using var status = JsonDocument.Parse(json);
        return status.RootElement.GetProperty("status").GetString() == "Success" ? [] : Encoding.UTF8.GetBytes(status.RootElement.GetProperty("message").GetString() ?? "");
    }

    private async Task StdinAsync(CancellationToken cancel)
    {
        if (streams.GetValueOrDefault(StreamChannel.Stdin) is not { } stdin)
        {
            return;
        }

        try
        {
            await foreach (var piece in PiecesAsync(stdin.Input, cancel))
            {
                await kubelet.WriteInputAsync(session, piece);
            }

            await kubelet.WriteInputAsync(session, []);
        }
        catch (Exception error) when (error is ApiException or OrleansException or OperationCanceledException)
        {
            // Nobody reads the input any more; output and exit code are still to come.
        }
        finally
        {
            await stdin.Input.CompleteAsync();
        }
    }

    /// <summary>What arrives, in pieces that are no shared buffers.</summary>
    internal static async IAsyncEnumerable<byte[]> PiecesAsync(PipeReader input, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel)
    {
        while (true)
        {
            var read = await input.ReadAsync(cancel);
            var piece = read.Buffer.Slice(0, Math.Min(read.Buffer.Length, PieceSize));
            if (piece.Length > 0)
            {
                yield return piece.ToArray();
            }

            input.AdvanceTo(piece.End);
            if (read.IsCompleted && piece.Length == read.Buffer.Length)
            {
                yield break;
            }
        }
    }

    private async Task ResizesAsync(CancellationToken cancel)
    {
        if (streams.GetValueOrDefault(StreamChannel.Resize) is not { } sizes)
        {
            return;
        }

        try
        {
            using var lines = new StreamReader(sizes.Input.AsStream(), Encoding.UTF8);
            while (await lines.ReadLineAsync(cancel) is { } line)
            {
                if (TerminalSize.Parse(Encoding.UTF8.GetBytes(line)) is { } size)
                {
                    await kubelet.ResizeAsync(session, size.Width, size.Height);
                }
            }
        }
        catch (Exception error) when (error is ApiException or OrleansException or OperationCanceledException or IOException)
        {
            // The session is over.
        }
    }
}
