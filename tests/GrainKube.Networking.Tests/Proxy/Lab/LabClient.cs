using System.Net;
using System.Net.Sockets;
using System.Text;

namespace GrainKube.Networking.Tests.Proxy.Lab;

/// <summary>A client's socket, connected, from somewhere in the lab.</summary>
internal sealed class LabClient(Socket socket) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <exception cref="SocketException">Refused, or unreachable.</exception>
    /// <exception cref="TimeoutException">Nobody answered.</exception>
    public static async Task<LabClient> ConnectAsync(NetworkNamespace from, ProtocolType protocol, string address, int port, string source = "", TimeSpan? patience = null)
    {
        var socket = from.NewSocket(protocol == ProtocolType.Tcp ? SocketType.Stream : SocketType.Dgram, protocol);
        try
        {
            if (source.Length > 0)
            {
                socket.Bind(IPEndPoint.Parse(source));
            }

            await socket.ConnectAsync(IPAddress.Parse(address), port).WaitAsync(patience ?? Patience);
            return new LabClient(socket);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Says something and hears the answer.</summary>
    public async Task<Reply> AskAsync(TimeSpan? patience = null)
    {
        await socket.SendAsync("hello"u8.ToArray()).WaitAsync(patience ?? Patience);
        var buffer = new byte[128];
        var length = await socket.ReceiveAsync(buffer).WaitAsync(patience ?? Patience);
        var words = Encoding.ASCII.GetString(buffer, 0, length).Split(' ');
        return new Reply(words[0], words[1]);
    }

    public void Dispose() => socket.Dispose();
}
