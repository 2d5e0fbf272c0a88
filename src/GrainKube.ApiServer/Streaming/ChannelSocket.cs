using System.Buffers;
using System.Net.WebSockets;
using System.Text.Json;
using GrainKube.Objects.Nodes;

namespace GrainKube.ApiServer.Streaming;

/// <summary>
/// The protocol <c>channel.k8s.io</c>, versions 4 and 5: each message begins with the number of its channel. Version 5 adds channel 255, by which the client closes another channel.
/// </summary>
internal sealed class ChannelSocket(WebSocket socket, IKubeletGrain kubelet, string session, ContainerStreamRequest request, TimeProvider time)
{
    public const string V5 = "v5.channel.k8s.io";
    public const string V4 = "v4.channel.k8s.io";
    private const byte CloseSignal = 255;
    private static readonly TimeSpan CloseTimeout = TimeSpan.FromSeconds(10);
    private const int MaxMessage = 4 * 1024 * 1024;

    public async Task RunAsync(CancellationToken aborted)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(aborted);
        var input = ReceiveAsync(over);
        try
        {
            await SendAsync(over.Token);
            if (socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
            {
                await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, over.Token);

                // Ending a receive by force resets the connection, and with it what the client has not read yet: let it close first.
                await Task.WhenAny(input, Task.Delay(CloseTimeout, time, over.Token));
            }
        }
        catch (Exception error) when (error is WebSocketException || (error is OperationCanceledException && over.IsCancellationRequested))
        {
            // The client has left; the session is closed behind it.
        }
        finally
        {
            await over.CancelAsync();
            await input;
        }
    }

    /// <summary>Carries output until the final frame.</summary>
    private async Task SendAsync(CancellationToken cancel)
    {
        // An empty frame tells the client that the streams stand.
        await SendAsync(request.Stdout ? StreamChannel.Stdout : request.Stderr ? StreamChannel.Stderr : StreamChannel.Error, [], cancel);
        await foreach (var frame in kubelet.ReadOutputAsync(session, cancel).WithBatchSize(4).WithCancellation(cancel))
        {
            await SendAsync(frame.Channel, frame.Data, cancel);
            if (frame.Channel == StreamChannel.Error)
            {
                return;
            }
        }
    }

    private async Task SendAsync(StreamChannel channel, byte[] data, CancellationToken cancel)
    {
        var message = ArrayPool<byte>.Shared.Rent(data.Length + 1);
        try
        {
            message[0] = (byte)channel;
            data.CopyTo(message, 1);
            await socket.SendAsync(message.AsMemory(0, data.Length + 1), WebSocketMessageType.Binary, endOfMessage: true, cancel);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(message);
        }
    }

    /// <summary>Carries input until the client closes or leaves; then the whole session is over.</summary>
    private async Task ReceiveAsync(CancellationTokenSource over)
    {
        try
        {
            var message = new ArrayBufferWriter<byte>(4096);
            while (await ReadAsync(message, over.Token))
            {
                try
                {
                    await HandleAsync(message.WrittenMemory);
                }
                catch (ApiMachinery.Errors.ApiException)
                {
                    // Nobody reads the input any more; output and exit code are still to come.
                }

                message.ResetWrittenCount();
            }
        }
        catch (Exception error) when (error is WebSocketException or OperationCanceledException or OrleansException)
        {
            // Without input there is nothing left to carry; the output ends by itself or with the client.
        }
        finally
        {
            await over.CancelAsync();
        }
    }

    private async Task<bool> ReadAsync(ArrayBufferWriter<byte> message, CancellationToken cancel)
    {
        while (true)
        {
            var part = await socket.ReceiveAsync(message.GetMemory(32 * 1024), cancel);
            if (part.MessageType == WebSocketMessageType.Close)
            {
                return false;
            }

            message.Advance(part.Count);
            if (part.EndOfMessage)
            {
                return true;
            }

            if (message.WrittenCount > MaxMessage)
            {
                throw new WebSocketException(WebSocketError.HeaderError, "message too large");
            }
        }
    }

    private async Task HandleAsync(ReadOnlyMemory<byte> message)
    {
        if (message.IsEmpty)
        {
            return;
        }

        var data = message[1..];
        switch (message.Span[0])
        {
            case (byte)StreamChannel.Stdin when request.Stdin && data.Length > 0:
                await kubelet.WriteInputAsync(session, data.ToArray());
                break;
            case (byte)StreamChannel.Resize when request.Tty:
                await ResizeAsync(data);
                break;
            case CloseSignal when request.Stdin && data.Length > 0 && data.Span[0] == (byte)StreamChannel.Stdin:
                await kubelet.WriteInputAsync(session, []);
                break;
        }
    }

    private async Task ResizeAsync(ReadOnlyMemory<byte> json)
    {
        ushort width, height;
        try
        {
            using var size = JsonDocument.Parse(json);
            (width, height) = (size.RootElement.GetProperty("Width").GetUInt16(), size.RootElement.GetProperty("Height").GetUInt16());
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or FormatException or InvalidOperationException)
        {
            return; // as upstream: a size that cannot be read changes nothing
        }

        await kubelet.ResizeAsync(session, width, height);
    }
}
