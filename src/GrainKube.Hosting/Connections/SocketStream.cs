using System.Buffers;
using System.Net.Sockets;

namespace GrainKube.Hosting.Connections;

/// <summary>
/// The socket below TLS. What is written waits for a flush, or until much has come together: TLS writes a record of 16 KB at a time, and a call of the kernel for each costs more than the copy.
/// </summary>
internal sealed class SocketStream(Socket socket) : Stream
{
    private const int Capacity = 128 << 10;
    private byte[] buffer = [];
    private int used;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        socket.ReceiveAsync(buffer, SocketFlags.None, cancellationToken);

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (this.buffer.Length - used >= buffer.Length)
        {
            buffer.Span.CopyTo(this.buffer.AsSpan(used));
            used += buffer.Length;
            return ValueTask.CompletedTask;
        }

        return MakeRoomAsync(buffer, cancellationToken);
    }

    public override async Task FlushAsync(CancellationToken cancellationToken)
    {
        try
        {
            for (var sent = 0; sent < used;)
            {
                sent += await socket.SendAsync(buffer.AsMemory(sent, used - sent), SocketFlags.None, cancellationToken);
            }
        }
        finally
        {
            used = 0;
            Release();
        }
    }

    public override void Flush() => throw new NotSupportedException();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    private async ValueTask MakeRoomAsync(ReadOnlyMemory<byte> next, CancellationToken cancel)
    {
        if (buffer.Length > 0)
        {
            await FlushAsync(cancel);
        }

        // Small things need a small buffer: most of what is sent is one answer or one event.
        buffer = ArrayPool<byte>.Shared.Rent(next.Length < 8 << 10 ? 16 << 10 : Math.Max(Capacity, next.Length));
        next.CopyTo(buffer);
        used = next.Length;
    }

    private void Release()
    {
        if (buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(buffer);
            buffer = [];
        }
    }
}
