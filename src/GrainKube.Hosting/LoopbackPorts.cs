using System.Net;
using System.Net.Sockets;

namespace GrainKube.Hosting;

/// <summary>Ports for whoever must name one before listening on it.</summary>
/// <remarks>
/// A port that the kernel chose (0) and that was given back may be chosen again before it is used. These are from 20000 to 29999: the kernel gives none of them to others who ask for any
/// (32768 to 60999), services have theirs above (30000 to 32767), and within a process none comes twice.
/// </remarks>
public static class LoopbackPorts
{
    private const int First = 20_000;
    private const int Count = 10_000;
    private static int last = Random.Shared.Next(Count); // another process most likely begins elsewhere

    /// <summary>A port that nobody listens on, and that is given to nobody else in this process for a long time.</summary>
    /// <exception cref="InvalidOperationException">All are taken.</exception>
    public static int Next()
    {
        for (var tries = 0; tries < Count; tries++)
        {
            var port = First + (int)((uint)Interlocked.Increment(ref last) % Count);
            if (IsFree(port))
            {
                return port;
            }
        }

        throw new InvalidOperationException($"All ports from {First} to {First + Count - 1} are taken");
    }

    private static bool IsFree(int port)
    {
        using var probe = new TcpListener(IPAddress.Any, port);
        try
        {
            probe.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
