using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using GrainKube.Networking.Dns.Forwarding;
using GrainKube.Networking.Dns.Hosting;
using GrainKube.Networking.Dns.Serving;
using GrainKube.Networking.Dns.Wire;
using GrainKube.Networking.Dns.Zone;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace GrainKube.Benchmarks;

/// <summary>The cluster DNS over UDP on loopback, asked by a few clients that always have one question under way; the server may use one core.</summary>
internal static class DnsCase
{
    private const int Services = 5000;
    private const int Clients = 16;
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(5);

    public static async Task RunAsync(Table table)
    {
        var zone = new ClusterZone(new ZoneTable(), "cluster.local");
        zone.Table.SetNamespace("default", true);
        for (var i = 0; i < Services; i++)
        {
            byte[] address = [10, 96, (byte)(i >> 8), (byte)i];
            zone.Table.Set($"s{i}.default", new ServiceEntry { Key = $"s{i}.default", FullName = $"s{i}.default.svc.cluster.local", Addresses4 = [address] });
        }

        var upstreams = new UpstreamServers(Options.Create(new DnsOptions { ResolverFile = "/nonexistent" }), TimeProvider.System);
        var resolver = new Resolver(zone, new ZoneAnswers(zone, 5), new Forwarder(upstreams, new AnswerCache(), TimeProvider.System), new LoopProbe(upstreams, NullLogger<LoopProbe>.Instance));
        Codec(resolver, table);
        await using var listener = new DnsListener(new IPEndPoint(IPAddress.Loopback, 0), resolver, TimeProvider.System, NullLogger.Instance);
        await AskAsync(listener.Endpoint, TimeSpan.FromSeconds(1));
        var before = Process.GetCurrentProcess().TotalProcessorTime;
        var (answers, times) = await AskAsync(listener.Endpoint, Length);
        var cores = (Process.GetCurrentProcess().TotalProcessorTime - before) / Length;
        times.Sort();
        table.Add("", $"DNS over UDP, {Services} services, answers", string.Create(CultureInfo.InvariantCulture, $"{answers / Length.TotalSeconds:F0}/s ({cores:F1} cores with its clients)"), "20,000/s");
        table.Add("", "DNS over UDP, p99", string.Create(CultureInfo.InvariantCulture, $"{times[(int)(times.Count * 0.99)]:F2} ms"), "2 ms");
    }

    private static void Codec(Resolver resolver, Table table)
    {
        var question = Question(4321);
        var buffer = new byte[Resolver.BufferLength];
        const int count = 200_000;
        for (var round = 0; round < 2; round++)
        {
            var allocated = GC.GetAllocatedBytesForCurrentThread();
            var clock = Stopwatch.StartNew();
            for (var i = 0; i < count; i++)
            {
                resolver.TryAnswer(question, tcp: false, buffer, out _);
            }

            if (round == 1)
            {
                table.Add("", "DNS answer without the socket", string.Create(CultureInfo.InvariantCulture,
                    $"{clock.Elapsed.TotalMicroseconds / count:F2} µs, {(GC.GetAllocatedBytesForCurrentThread() - allocated) / count} B"), "");
            }
        }
    }

    private static async Task<(long Answers, List<double> Milliseconds)> AskAsync(IPEndPoint server, TimeSpan length)
    {
        var all = await Task.WhenAll(Enumerable.Range(0, Clients).Select(client => Task.Run(async () =>
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            await socket.ConnectAsync(server);
            var buffer = new byte[1500];
            var times = new List<double>(100_000);
            var end = Stopwatch.GetTimestamp() + (long)(length.TotalSeconds * Stopwatch.Frequency);
            for (var i = client; Stopwatch.GetTimestamp() < end; i++)
            {
                var began = Stopwatch.GetTimestamp();
                await socket.SendAsync(Question(i % Services));
                await socket.ReceiveAsync(buffer);
                times.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            }

            return times;
        })));
        return (all.Sum(times => (long)times.Count), [.. all.SelectMany(times => times)]);
    }

    private static byte[] Question(int service)
    {
        var packet = new byte[512];
        packet[2] = 1;
        packet[5] = 1;
        var end = 12 + WireName.Write($"s{service}.default.svc.cluster.local", packet.AsSpan(12));
        (packet[end + 1], packet[end + 3]) = (1, 1);
        return packet[..(end + 4)];
    }
}
