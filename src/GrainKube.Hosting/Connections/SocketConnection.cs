using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;

namespace GrainKube.Hosting.Connections;

/// <summary>One accepted connection. Nothing is read from it until <see cref="TlsConnections"/> gives it a transport.</summary>
internal sealed class SocketConnection : ConnectionContext, IMemoryPoolFeature, IConnectionSocketFeature
{
    private static long made;
    private readonly CancellationTokenSource ended = new();
    private int told;
    private int closed;

    public SocketConnection(Socket socket, MemoryPool<byte> pool)
    {
        (Socket, MemoryPool) = (socket, pool);
        (LocalEndPoint, RemoteEndPoint) = (socket.LocalEndPoint, socket.RemoteEndPoint);
        ConnectionClosed = ended.Token;
        Features.Set<IMemoryPoolFeature>(this);
        Features.Set<IConnectionSocketFeature>(this);
    }

    public Socket Socket { get; }

    public MemoryPool<byte> MemoryPool { get; }

    public override string ConnectionId { get; set; } = $"C{Interlocked.Increment(ref made)}";

    public override IFeatureCollection Features { get; } = new FeatureCollection();

    public override IDictionary<object, object?> Items { get; set; } = new Dictionary<object, object?>();

    public override IDuplexPipe Transport { get; set; } = null!;

    public override EndPoint? LocalEndPoint { get; set; }

    public override EndPoint? RemoteEndPoint { get; set; }

    public override CancellationToken ConnectionClosed { get; set; }

    /// <inheritdoc cref="Close"/>
    public override void Abort(ConnectionAbortedException abortReason) => Close();

    public override ValueTask DisposeAsync()
    {
        Close();
        return ValueTask.CompletedTask;
    }

    /// <summary>Tells whoever works for the client that it has left; what is still being sent goes on. Those who are told run elsewhere: the caller may hold what they wait for.</summary>
    public void TellOfEnd()
    {
        if (Interlocked.Exchange(ref told, 1) == 0)
        {
            _ = ended.CancelAsync();
        }
    }

    /// <summary>Ends the connection at once. Idempotent.</summary>
    public void Close()
    {
        TellOfEnd();
        if (Interlocked.Exchange(ref closed, 1) == 1)
        {
            return;
        }

        try
        {
            Socket.Shutdown(SocketShutdown.Both);
        }
        catch (SocketException)
        {
            // The other side was quicker.
        }

        Socket.Dispose();
    }
}
