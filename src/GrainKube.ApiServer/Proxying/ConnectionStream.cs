using GrainKube.ApiServer.Streaming;

namespace GrainKube.ApiServer.Proxying;

/// <summary>A connection that a kubelet holds, as a stream.</summary>
internal sealed class ConnectionStream : DuplexStream
{
    private const int PieceSize = 32 * 1024;

    private readonly NodeConnection connection;
    private readonly CancellationTokenSource disposed = new();
    private readonly IAsyncEnumerator<byte[]> pieces;
    private Task<bool>? next;
    private ReadOnlyMemory<byte> rest;

    public ConnectionStream(NodeConnection connection)
    {
        this.connection = connection;
        pieces = connection.ReadAllAsync(disposed.Token).GetAsyncEnumerator();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (rest.IsEmpty)
        {
            // Who gives up waiting leaves the question standing for the next reader.
            next ??= pieces.MoveNextAsync().AsTask();
            if (!await next.WaitAsync(cancellationToken))
            {
                return 0;
            }

            (next, rest) = (null, pieces.Current);
        }

        var count = Math.Min(rest.Length, buffer.Length);
        rest[..count].CopyTo(buffer);
        rest = rest[count..];
        return count;
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (buffer.Length > 0)
        {
            var piece = buffer[..Math.Min(PieceSize, buffer.Length)];
            await connection.WriteAsync(piece.ToArray()).WaitAsync(cancellationToken);
            buffer = buffer[piece.Length..];
        }
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override void Flush()
    {
    }

    public override async ValueTask DisposeAsync()
    {
        if (!disposed.IsCancellationRequested)
        {
            await disposed.CancelAsync();
            await connection.DisposeAsync();
        }

        await base.DisposeAsync();
    }

    // HttpClient closes connections so; the kubelet is told behind its back.
    protected override void Dispose(bool disposing)
    {
        if (disposing && !disposed.IsCancellationRequested)
        {
            disposed.Cancel();
            _ = connection.DisposeAsync().AsTask();
        }

        base.Dispose(disposing);
    }
}
