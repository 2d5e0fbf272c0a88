using System.Buffers;
using System.Buffers.Binary;
using System.Net.WebSockets;
using System.Text;
using GrainKube.ApiMachinery.Errors;
using GrainKube.ApiMachinery.Objects;

namespace GrainKube.ApiServer.Streaming.PortForward;

/// <summary>
/// Forwards over plain WebSocket channels: of the n-th port of the query, channel 2n carries the data and 2n+1 errors. Each begins with the port's number, little end first.
/// </summary>
internal sealed class PortForwardChannels(WebSocket socket, bool base64, PodConnections connections, KubeObject pod, IReadOnlyList<int> ports, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan CloseTimeout = TimeSpan.FromSeconds(10);
    private readonly SemaphoreSlim writing = new(1, 1);

    public void Dispose() => writing.Dispose();

    public async Task RunAsync(CancellationToken aborted)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(aborted);
        var opened = new NodeConnection?[ports.Count];
        var outputs = new List<Task>();
        try
        {
            for (var i = 0; i < ports.Count; i++)
            {
                var number = new byte[2];
                BinaryPrimitives.WriteUInt16LittleEndian(number, (ushort)ports[i]);
                await SendAsync(2 * i, number, over.Token);
                await SendAsync((2 * i) + 1, number, over.Token);
                opened[i] = await OpenAsync(i, over.Token);
                if (opened[i] is { } connection)
                {
                    outputs.Add(OutputAsync(i, connection, over.Token));
                }
            }

            var input = InputAsync(opened, over.Token);
            await Task.WhenAny(input, Task.WhenAll(outputs));
            if (socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
            {
                await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, over.Token);
            }

            // To stop reading ends the connection at once, and with it what is still on its way to the client: it closes first, unless it takes its time.
            await Task.WhenAny(input, Task.Delay(CloseTimeout, time, over.Token));
        }
        catch (Exception error) when (error is WebSocketException || (error is OperationCanceledException && over.IsCancellationRequested))
        {
            // The client has left.
        }
        finally
        {
            await over.CancelAsync();
            await Task.WhenAll(outputs);
            foreach (var connection in opened)
            {
                await (connection?.DisposeAsync() ?? ValueTask.CompletedTask);
            }
        }
    }

    private async Task<NodeConnection?> OpenAsync(int index, CancellationToken cancel)
    {
        try
        {
            return await connections.OpenAsync(pod, "", ports[index]);
        }
        catch (Exception error) when (error is ApiException or OrleansException)
        {
            await SendErrorAsync(index, error, cancel);
            return null;
        }
    }

    private Task SendErrorAsync(int index, Exception error, CancellationToken cancel) =>
        SendAsync((2 * index) + 1, Encoding.UTF8.GetBytes($"error forwarding port {ports[index]} to pod {pod.Header.Uid}, uid : {error.Message}"), cancel);

    private async Task OutputAsync(int index, NodeConnection connection, CancellationToken cancel)
    {
        try
        {
            await foreach (var piece in connection.ReadAllAsync(cancel))
            {
                await SendAsync(2 * index, piece, cancel);
            }
        }
        catch (Exception error) when (error is WebSocketException or OperationCanceledException)
        {
            // The client has left.
        }
        catch (Exception error) when (error is ApiException or OrleansException or IOException)
        {
            await SendErrorAsync(index, error, cancel);
        }
    }

    private async Task InputAsync(NodeConnection?[] opened, CancellationToken cancel)
    {
        var message = new ArrayBufferWriter<byte>(4096);
        var deaf = new bool[opened.Length];
        try
        {
            while (await ChannelMessages.ReadAsync(socket, base64, message, cancel))
            {
                if (message.WrittenCount > 1 && message.WrittenSpan[0] is var channel && channel % 2 == 0 && channel / 2 < opened.Length && !deaf[channel / 2] && opened[channel / 2] is { } connection)
                {
                    deaf[channel / 2] = !await IsTakenAsync(connection, message.WrittenSpan[1..].ToArray());
                }

                message.ResetWrittenCount();
            }
        }
        catch (Exception error) when (error is WebSocketException or OperationCanceledException)
        {
            // The client has left.
        }
    }

    private static async Task<bool> IsTakenAsync(NodeConnection connection, byte[] data)
    {
        try
        {
            await connection.WriteAsync(data);
            return true;
        }
        catch (Exception error) when (error is ApiException or OrleansException)
        {
            return false; // the pod reads no more; the client's close is waited for all the same
        }
    }

    private async Task SendAsync(int channel, byte[] data, CancellationToken cancel)
    {
        await writing.WaitAsync(cancel);
        try
        {
            await ChannelMessages.SendAsync(socket, base64, (byte)channel, data, cancel);
        }
        finally
        {
            writing.Release();
        }
    }
}
