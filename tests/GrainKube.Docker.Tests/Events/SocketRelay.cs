using System.Collections.Concurrent;
using System.Net.Sockets;

namespace GrainKube.Docker.Tests.Events;

/// <summary>Stands between a runtime and the engine, so that a test can cut the connections.</summary>
internal sealed class SocketRelay : IAsyncDisposable
{
    private readonly Socket listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly ConcurrentBag<Socket> open = [];
    private readonly Task accepting;

    public SocketRelay(string target)
    {
        Path = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"relay-{Guid.NewGuid():N}.sock");
        listener.Bind(new UnixDomainSocketEndPoint(Path));
        listener.Listen();
        accepting = AcceptAsync(target);
    }

    public string Path { get; }

    public int Connections => open.Count;

    public void Cut()
    {
        while (open.TryTake(out var socket))
        {
            socket.Dispose();
        }
    }

    public async ValueTask DisposeAsync()
    {
        listener.Dispose();
        Cut();
        await accepting;
        File.Delete(Path);
    }

    private async Task AcceptAsync(string target)
    {
        try
        {
            while (true)
            {
                var client = await listener.AcceptAsync();
                var engine = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await engine.ConnectAsync(new UnixDomainSocketEndPoint(target));
                open.Add(client);
                open.Add(engine);
                _ = CopyAsync(client, engine);
                _ = CopyAsync(engine, client);
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // Disposed.
        }
    }

    private static async Task CopyAsync(Socket from, Socket to)
    {
        try
        {
            await using NetworkStream source = new(from), target = new(to);
            await source.CopyToAsync(target);
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException)
        {
            // Cut.
        }
    }
}
