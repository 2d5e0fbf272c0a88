using System.Net.Sockets;

namespace GrainKube.Hosting.Connections;

/// <summary>What reading, writing or a handshake throws when the other side has left or we have closed.</summary>
internal static class ClientGone
{
    public static bool Is(Exception error) => error is IOException or SocketException or ObjectDisposedException or InvalidOperationException;
}
