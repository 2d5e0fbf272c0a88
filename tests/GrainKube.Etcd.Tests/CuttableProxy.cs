using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace GrainKube.Etcd.Tests;

/// <summary>Stands between a client and etcd, and cuts every connection when it is told to.</summary>
internal sealed class CuttableProxy : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentDictionary<Socket, bool> open = new();
    private readonly CancellationTokenSource ending = new();
    private readonly int target;
    private readonly Task accepting;
    private long budget = long.MaxValue;
    private volatile bool dropsAnswers;

    public CuttableProxy(int target)
    {
        this.target = target;
        listener.Start();
        accepting = AcceptAsync();
    }

    public string Endpoint => $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}";

    /// <summary>Connections that were cut by <see cref="CutAfter"/> or <see cref="DropNextAnswer"/>.</summary>
    public int Cuts { get; private set; }

    /// <summary>Cuts when so many more bytes have come from the server.</summary>
    public void CutAfter(long bytes) => Interlocked.Exchange(ref budget, bytes);

    /// <summary>What the server sends next is lost, and with it the connection; what the client sends still arrives.</summary>
    public void DropNextAnswer() => dropsAnswers = true;

    public async ValueTask DisposeAsync()
    {
        await ending.CancelAsync();
        listener.Stop();
        CutAll();
        await accepting;
        ending.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!ending.IsCancellationRequested)
        {
            try
            {
                var client = await listener.AcceptSocketAsync(ending.Token);
                var server = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                await server.ConnectAsync(IPAddress.Loopback, target, ending.Token);
                open[client] = open[server] = true;
                _ = CopyAsync(client, server, fromServer: false);
                _ = CopyAsync(server, client, fromServer: true);
            }
            catch (Exception failure) when (failure is OperationCanceledException or SocketException)
            {
                // Ending, or the server is not there; the client sees its connection closed.
            }
        }
    }

    private async Task CopyAsync(Socket from, Socket to, bool fromServer)
    {
        var buffer = new byte[16 << 10];
        try
        {
            for (int read; (read = await from.ReceiveAsync(buffer)) > 0;)
            {
                if (fromServer && (dropsAnswers || Interlocked.Add(ref budget, -read) < 0))
                {
                    dropsAnswers = false;
                    Interlocked.Exchange(ref budget, long.MaxValue);
                    Cuts++;
                    CutAll();
                    return;
                }

                await to.SendAsync(buffer.AsMemory(0, read));
            }
        }
        catch (Exception failure) when (failure is SocketException or ObjectDisposedException)
        {
            // Cut.
        }

        from.Dispose();
        to.Dispose();
    }

    private void CutAll()
    {
        foreach (var socket in open.Keys)
        {
            open.TryRemove(socket, out _);
            socket.Dispose();
        }
    }
}
