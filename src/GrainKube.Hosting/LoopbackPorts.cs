using System.Net;
using System.Net.Sockets;

namespace GrainKube.Hosting;

/// <summary>Ports for whoever must name one before listening on it.</summary>
/// <remarks>
/// A port that the kernel chose (0) and that was given back may be chosen again before it is used. These are from 20000 to 29999: the kernel gives none of them to others who ask for any
/// (32768 to 60999), services have theirs above (30000 to 32767), and within a process none comes twice. Silos have a half of their own: a server chooses its silo's port itself, and must
/// not take one that somebody has named to another server that does not listen yet.
/// </remarks>
public sealed class LoopbackPorts
{
    private static readonly LoopbackPorts Silos = new(20_000, 5_000);
    private static readonly LoopbackPorts Others = new(25_000, 5_000);
    private readonly int first;
    private readonly int count;
    private int last;

    private LoopbackPorts(int first, int count)
    {
        (this.first, this.count) = (first, count);
        last = Random.Shared.Next(count); // another process most likely begins elsewhere
    }

    /// <summary>A port that nobody listens on, and that is given to nobody else in this process for a long time.</summary>
    /// <exception cref="InvalidOperationException">All are taken.</exception>
    public static int Next() => Others.Take([]);

    /// <summary>The same for a silo of this process.</summary>
    /// <param name="named">Ports that the process is about to listen on for something else.</param>
    /// <exception cref="InvalidOperationException">All are taken.</exception>
    internal static int NextForSilo(params ReadOnlySpan<int> named) => Silos.Take(named);

    private int Take(ReadOnlySpan<int> named)
    {
        for (var tries = 0; tries < count; tries++)
        {
            var port = first + (int)((uint)Interlocked.Increment(ref last) % count);
            if (!named.Contains(port) && IsFree(port))
            {
                return port;
            }
        }

        throw new InvalidOperationException($"All ports from {first} to {first + count - 1} are taken");
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
