using System.Buffers;
using System.Net.WebSockets;
using GrainKube.ApiServer.Streaming.Spdy;
using GrainKube.Objects.Nodes;

namespace GrainKube.ApiServer.Streaming;

/// <summary>
/// The protocol <c>channel.k8s.io</c>: each message begins with the number of its channel. Version 5 adds channel 255, by which the client closes another channel; before version 4 the
/// error channel says nothing of a success, and a failure as text.
/// </summary>
internal sealed class ChannelSocket(WebSocket socket, ChannelProtocol protocol, IKubeletGrain kubelet, string session, ContainerStreamRequest request, TimeProvider time)
{
    private const byte CloseSignal = 255;
    private static readonly TimeSpan CloseTimeout = TimeSpan.FromSeconds(10);

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
            if (frame.Channel != StreamChannel.Error)
            {
                await SendAsync(frame.Channel, frame.Data, cancel);
                continue;
            }

            var status = protocol.Version >= 4 ? frame.Data : SpdySession.PlainWords(frame.Data);
            if (status.Length > 0)
            {
                await SendAsync(StreamChannel.Error, status, cancel);
            }

            return;
        }
    }

    private Task SendAsync(StreamChannel channel, byte[] data, CancellationToken cancel) => ChannelMessages.SendAsync(socket, protocol.Base64, (byte)channel, data, cancel);

    /// <summary>Carries input until the client closes or leaves; then the whole session is over.</summary>
    private async Task ReceiveAsync(CancellationTokenSource over)
    {
        try
        {
            var message = new ArrayBufferWriter<byte>(4096);
            while (await ChannelMessages.ReadAsync(socket, protocol.Base64, message, over.Token))
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
            case CloseSignal when protocol.Version >= 5 && request.Stdin && data.Length > 0 && data.Span[0] == (byte)StreamChannel.Stdin:
                await kubelet.WriteInputAsync(session, []);
                break;
        }
    }

    private async Task ResizeAsync(ReadOnlyMemory<byte> json)
    {
        if (TerminalSize.Parse(json) is { } size)
        {
            await kubelet.ResizeAsync(session, size.Width, size.Height);
        }
    }
}
