using System.Net;
using System.Net.Sockets;
using System.Text;

namespace GrainKube.Networking.Tests.Proxy.Lab;

/// <summary>A server that tells everybody its name and what it sees of them: once a line for TCP, once a datagram for UDP.</summary>
internal sealed class LabServer : IAsyncDisposable
{
    private readonly CancellationTokenSource stopping = new();
    private readonly Socket socket;
    private readonly string name;
    private readonly Task running;

    public LabServer(NetworkNamespace place, string name, ProtocolType protocol, IPEndPoint address)
    {
        this.name = name;
        socket = place.NewSocket(protocol == ProtocolType.Tcp ? SocketType.Stream : SocketType.Dgram, protocol);
        socket.Bind(address);
        if (protocol == ProtocolType.Tcp)
        {
            socket.Listen();
        }

        running = protocol == ProtocolType.Tcp ? AcceptAsync() : AnswerAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await running;
        socket.Dispose();
        stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await socket.AcceptAsync(stopping.Token);
                _ = TalkAsync(client);
            }
        }
        catch (OperationCanceledException)
        {
        }
    }

    private async Task TalkAsync(Socket client)
    {
        using var owned = client;
        var buffer = new byte[64];
        try
        {
            while (await client.ReceiveAsync(buffer, stopping.Token) > 0)
            {
                await client.SendAsync(TextFor(client.RemoteEndPoint), stopping.Token);
            }
        }
        catch (Exception ended) when (ended is SocketException or OperationCanceledException)
        {
        }
    }

    private async Task AnswerAsync()
    {
        var buffer = new byte[64];
        try
        {
            while (true)
            {
                var got = await socket.ReceiveFromAsync(buffer, SocketFlags.None, new IPEndPoint(IPAddress.Any, 0), stopping.Token);
                await socket.SendToAsync(TextFor(got.RemoteEndPoint), SocketFlags.None, got.RemoteEndPoint, stopping.Token);
            }
        }
        catch (OperationCanceledException)
        {
        }
    }

    private byte[] TextFor(EndPoint? client) => Encoding.ASCII.GetBytes($"{name} {((IPEndPoint)client!).Address}");
}
