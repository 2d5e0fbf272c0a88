using System.Buffers;
using System.Buffers.Text;
using System.Net.WebSockets;

namespace GrainKube.ApiServer.Streaming;

/// <summary>Messages that begin with the number of their channel: a byte, or in the text form a digit before base64.</summary>
internal static class ChannelMessages
{
    private const int MaxMessage = 4 * 1024 * 1024;

    public static async Task SendAsync(WebSocket socket, bool base64, byte channel, ReadOnlyMemory<byte> data, CancellationToken cancel)
    {
        var message = ArrayPool<byte>.Shared.Rent(Base64.GetMaxEncodedToUtf8Length(data.Length) + 1);
        try
        {
            var length = Write(message, base64, channel, data.Span);
            await socket.SendAsync(message.AsMemory(0, length), base64 ? WebSocketMessageType.Text : WebSocketMessageType.Binary, endOfMessage: true, cancel);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(message);
        }
    }

    /// <summary>Reads a whole message as channel and bytes.</summary>
    /// <returns>False at the client's close.</returns>
    /// <exception cref="WebSocketException">Too large, or no base64.</exception>
    public static async Task<bool> ReadAsync(WebSocket socket, bool base64, ArrayBufferWriter<byte> message, CancellationToken cancel)
    {
        while (true)
        {
            var part = await socket.ReceiveAsync(message.GetMemory(32 * 1024), cancel);
            if (part.MessageType == WebSocketMessageType.Close)
            {
                return false;
            }

            message.Advance(part.Count);
            if (message.WrittenCount > MaxMessage)
            {
                throw new WebSocketException(WebSocketError.HeaderError, "message too large");
            }

            if (part.EndOfMessage)
            {
                Decode(base64, message);
                return true;
            }
        }
    }

    private static int Write(Span<byte> message, bool base64, byte channel, ReadOnlySpan<byte> data)
    {
        if (!base64)
        {
            message[0] = channel;
            data.CopyTo(message[1..]);
            return data.Length + 1;
        }

        message[0] = (byte)('0' + channel);
        Base64.EncodeToUtf8(data, message[1..], out _, out var written);
        return written + 1;
    }

    private static void Decode(bool base64, ArrayBufferWriter<byte> message)
    {
        if (!base64 || message.WrittenCount == 0)
        {
            return;
        }

        var channel = (byte)(message.WrittenSpan[0] - '0');
        var data = new byte[Base64.GetMaxDecodedFromUtf8Length(message.WrittenCount - 1)];
        if (Base64.DecodeFromUtf8(message.WrittenSpan[1..], data, out _, out var length) != OperationStatus.Done)
        {
            throw new WebSocketException(WebSocketError.InvalidMessageType, "message is not base64");
        }

        message.ResetWrittenCount();
        message.Write([channel]);
        message.Write(data.AsSpan(0, length));
    }
}
