using System.Net;
using System.Net.Sockets;
using GrainKube.Networking.Dns.Wire;

namespace GrainKube.Networking.Tests.Dns.Serving;

/// <summary>A server of the outside: every name below its domain is 192.0.2.1. It may also pass everything on, as a host's resolver that was set to the cluster's DNS would.</summary>
internal sealed class UpstreamRelay : IAsyncDisposable
{
    private readonly Socket socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly string domain;
    private readonly Task running;

    private UpstreamRelay(string domain)
    {
        this.domain = domain;
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        running = Task.Run(ServeAsync);
    }

    public IPEndPoint Endpoint => (IPEndPoint)socket.LocalEndPoint!;

    public int Asked { get; private set; }

    public IPEndPoint? PassOnTo { get; set; }

    public static Task<UpstreamRelay> StartAsync(string domain) => Task.FromResult(new UpstreamRelay(domain));

    public async ValueTask DisposeAsync()
    {
        socket.Dispose();
        await running;
    }

    private async Task ServeAsync()
    {
        var packet = new byte[4096];
        try
        {
            while (true)
            {
                var received = await socket.ReceiveFromAsync(packet, new IPEndPoint(IPAddress.Any, 0));
                Asked++;
                if (PassOnTo is { } other)
                {
                    await socket.SendToAsync(packet.AsMemory(0, received.ReceivedBytes), other);
                }
                else
                {
                    await socket.SendToAsync(Answer(packet.AsSpan(0, received.ReceivedBytes)), received.RemoteEndPoint);
                }
            }
        }
        catch (Exception ended) when (ended is SocketException or ObjectDisposedException)
        {
            // Disposed.
        }
    }

    private byte[] Answer(ReadOnlySpan<byte> packet)
    {
        var buffer = new byte[8192];
        Query.TryRead(packet, out var query);
        var writer = new ResponseWriter(buffer, query, 1232);
        Span<char> name = stackalloc char[255];
        var found = name[..WireName.Fold(query.Name, name)].EndsWith(domain);
        if (found && query.Type == RecordType.A)
        {
            writer.Address(12, [192, 0, 2, 1], 60);
        }

        return buffer[..writer.Finish(found ? ResponseCode.NoError : ResponseCode.NoSuchName, authoritative: true)];
    }
}
