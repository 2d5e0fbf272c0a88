using System.Net;
using System.Net.Sockets;
using GrainKube.Networking.Dns.Addresses;
using GrainKube.Networking.Dns.Forwarding;
using GrainKube.Networking.Dns.Serving;
using GrainKube.Networking.Dns.Zone;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace GrainKube.Networking.Dns.Hosting;

/// <summary>The DNS server of this node: begins when the cache is loaded, and stops answering when the silo stops. A server that cannot have its address tries again and harms nobody else.</summary>
internal sealed partial class ClusterDns(
    IOptions<DnsOptions> options, ZoneFeed feed, Resolver resolver, LoopProbe loop, Forwarder forwarder, TimeProvider time, ILogger<ClusterDns> log) : ILifecycleParticipant<ISiloLifecycle>
{
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(2);
    private readonly CancellationTokenSource stopping = new();
    private readonly List<DnsListener> listeners = [];
    private Task opening = Task.CompletedTask;

    /// <summary>Where it answers now.</summary>
    public IReadOnlyList<IPEndPoint> Endpoints => [.. listeners.Select(l => l.Endpoint)];

    public void Participate(ISiloLifecycle lifecycle) => lifecycle.Subscribe(nameof(ClusterDns), ServiceLifecycleStage.ApplicationServices, StartAsync, StopAsync);

    private async Task StartAsync(CancellationToken cancel)
    {
        await feed.StartAsync();
        if (!await TryOpenAsync(cancel))
        {
            opening = OpenLaterAsync();
        }

        _ = loop.RunAsync(forwarder);
    }

    private async Task StopAsync(CancellationToken cancel)
    {
        await stopping.CancelAsync();
        await opening;
        foreach (var listener in listeners)
        {
            await listener.DisposeAsync();
        }

        await feed.DisposeAsync();
        stopping.Dispose();
    }

    private async Task OpenLaterAsync()
    {
        try
        {
            do
            {
                await Task.Delay(Retry, time, stopping.Token);
            }
            while (!await TryOpenAsync(stopping.Token));
        }
        catch (OperationCanceledException)
        {
            // The silo stops.
        }
    }

    private async Task<bool> TryOpenAsync(CancellationToken cancel)
    {
        var settings = options.Value;
        try
        {
            if (settings.Interface.Length > 0)
            {
                await new LocalInterface(settings.Interface).EnsureAsync(settings.Addresses, cancel);
            }

            foreach (var address in settings.Addresses.Skip(listeners.Count))
            {
                listeners.Add(new DnsListener(new IPEndPoint(address, settings.Port), resolver, time, log));
            }

            return true;
        }
        catch (Exception refused) when (refused is IOException or SocketException)
        {
            LogRefused(string.Join(", ", settings.Addresses), refused.Message);
            return false;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The cluster DNS cannot listen on {Addresses} yet: {Why}")]
    private partial void LogRefused(string addresses, string why);
}
