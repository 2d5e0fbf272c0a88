using System.Net;
using System.Net.Sockets;

namespace GrainKube.Kubelet.Runtime;

/// <summary>A TCP connection as a session.</summary>
public sealed class SocketSession : IContainerSession
{
    private const int PieceSize = 32 * 1024;
    private readonly Socket socket;
    private readonly byte[] buffer = new byte[PieceSize];

    private SocketSession(Socket socket) => this.socket = socket;

    /// <param name="create">Makes the socket; it may belong to another network than the caller's.</param>
    /// <param name="address">Where to.</param>
    /// <param name="port">Its port.</param>
    /// <param name="cancel">Stops connecting.</param>
    /// <exception cref="RuntimeException">It cannot be connected.</exception>
    public static async Task<IContainerSession> ConnectAsync(Func<Socket> create, IPAddress address, int port, CancellationToken cancel)
    {
        var end = new IPEndPoint(address, port);
        var socket = create();
        try
        {
            socket.NoDelay = true;
            await socket.ConnectAsync(end, cancel);
            return new SocketSession(socket);
        }
        catch (SocketException failed)
        {
            socket.Dispose();
            throw new RuntimeException(RuntimeError.Other, $"dial tcp {end}: connect: {Words(failed)}", failed);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public async ValueTask<SessionOutput?> ReadAsync(CancellationToken cancel)
    {
        try
        {
            var count = await socket.ReceiveAsync(buffer, cancel);
            return count == 0 ? null : new SessionOutput(IsStderr: false, buffer.AsSpan(0, count).ToArray());
        }
        catch (SocketException failed)
        {
            throw new RuntimeException(RuntimeError.Other, $"read tcp {socket.RemoteEndPoint}: {Words(failed)}", failed);
        }
    }

    public async ValueTask WriteAsync(ReadOnlyMemory<byte> data, CancellationToken cancel)
    {
        try
        {
            while (data.Length > 0)
            {
                data = data[await socket.SendAsync(data, cancel)..];
            }
        }
        catch (SocketException failed)
        {
            throw new RuntimeException(RuntimeError.Other, $"write tcp: {Words(failed)}", failed);
        }
    }

    public ValueTask CloseInputAsync(CancellationToken cancel)
    {
        try
        {
            socket.Shutdown(SocketShutdown.Send);
        }
        catch (SocketException)
        {
            // The other end has closed both sides already.
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask ResizeAsync(ushort width, ushort height, CancellationToken cancel) => ValueTask.CompletedTask;

    public ValueTask<int?> GetExitCodeAsync(CancellationToken cancel) => ValueTask.FromResult<int?>(null);

    public ValueTask DisposeAsync()
    {
        socket.Dispose();
        return ValueTask.CompletedTask;
    }

    private static string Words(SocketException failed) => failed.SocketErrorCode switch
    {
        SocketError.ConnectionRefused => "connection refused",
        SocketError.HostUnreachable => "no route to host",
        SocketError.NetworkUnreachable => "network is unreachable",
        SocketError.TimedOut => "connection timed out",
        SocketError.ConnectionReset => "connection reset by peer",
        SocketError.AddressNotAvailable => "cannot assign requested address",
        _ => failed.Message,
    };
}
