using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace GrainKube.Benchmarks;

/// <summary>
/// The reference of a fan-out: one thread writes an event to each of many plain TCP connections, one thread reads them. No TLS, no HTTP, no JSON: what is left is the kernel, which no server on this machine can do without.
/// </summary>
internal static class BareFanOut
{
    private const int EventBytes = 700;
    private const int Rounds = 50;

    public static async Task<string> MeasureAsync(int connections)
    {
        var ends = await ConnectAsync(connections);
        try
        {
            var latencies = new List<double>(connections * Rounds);
            var data = new byte[EventBytes];
            for (var round = 0; round < Rounds; round++)
            {
                var start = Stopwatch.GetTimestamp();
                var reading = Task.Factory.StartNew(() => ReadAll(ends, start), TaskCreationOptions.LongRunning);
                foreach (var (server, _) in ends)
                {
                    server.Send(data);
                }

                latencies.AddRange(await reading);
            }

            latencies.Sort();
            return string.Create(CultureInfo.InvariantCulture, $"p50 {latencies[latencies.Count / 2]:F1} ms, p99 {latencies[(int)(latencies.Count * 0.99)]:F1} ms");
        }
        finally
        {
            foreach (var (server, client) in ends)
            {
                server.Dispose();
                client.Dispose();
            }
        }
    }

    /// <summary>In the order in which they are written to: none waits for a later one.</summary>
    private static List<double> ReadAll(List<(Socket Server, Socket Client)> ends, long start)
    {
        var buffer = new byte[EventBytes];
        var latencies = new List<double>(ends.Count);
        foreach (var (_, client) in ends)
        {
            for (var missing = EventBytes; missing > 0;)
            {
                missing -= client.Receive(buffer);
            }

            latencies.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }

        return latencies;
    }

    private static async Task<List<(Socket Server, Socket Client)>> ConnectAsync(int count)
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        var ends = new List<(Socket, Socket)>(count);
        for (var i = 0; i < count; i++)
        {
            var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            await client.ConnectAsync(listener.LocalEndPoint!);
            ends.Add((await listener.AcceptAsync(), client));
        }

        return ends;
    }
}
