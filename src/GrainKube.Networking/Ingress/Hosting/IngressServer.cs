using System.Net;
using System.Net.Sockets;
using GrainKube.Networking.Ingress.Doors;
using GrainKube.Networking.Ingress.Forwarding;
using GrainKube.Networking.Ingress.Routing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace GrainKube.Networking.Ingress.Hosting;

/// <summary>Opens this node's doors with the silo and closes them with it. A port that somebody else has is tried again: the cluster does not stand still for it.</summary>
internal sealed partial class IngressServer(
    IOptions<IngressOptions> options, IngressFeed feed, IngressForwarding forwarding, IngressState state, TimeProvider time, ILogger<IngressServer> log) : ILifecycleParticipant<ISiloLifecycle>
{
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(5);
    private readonly CancellationTokenSource stopping = new();
    private Task running = Task.CompletedTask;

    public void Participate(ISiloLifecycle lifecycle) => lifecycle.Subscribe(nameof(IngressServer), ServiceLifecycleStage.Active, StartAsync, StopAsync);

    private Task StartAsync(CancellationToken cancel)
    {
        feed.Start();
        running = Task.WhenAll(KeepOpenAsync(options.Value.HttpPort, tls: false), KeepOpenAsync(options.Value.HttpsPort, tls: true));
        return Task.CompletedTask;
    }

    private async Task StopAsync(CancellationToken cancel)
    {
        await stopping.CancelAsync();
        await running;
        await feed.DisposeAsync();
        stopping.Dispose();
    }

    private async Task KeepOpenAsync(int port, bool tls)
    {
        if (port == 0)
        {
            return;
        }

        try
        {
            await using var door = await OpenAsync(new IPEndPoint(options.Value.BindAddress, port), tls);
            await Task.Delay(Timeout.InfiniteTimeSpan, time, stopping.Token);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The silo stops.
        }
    }

    private async Task<IngressDoor> OpenAsync(IPEndPoint endpoint, bool tls)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await IngressDoor.OpenAsync(endpoint, tls, forwarding, state, stopping.Token);
            }
            catch (Exception refused) when (refused is IOException or SocketException)
            {
                if (attempt == 1)
                {
                    LogRefused(endpoint, refused.Message);
                }

                await Task.Delay(Retry, time, stopping.Token);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Ingress cannot listen on {Endpoint} yet: {Why}")]
    private partial void LogRefused(IPEndPoint endpoint, string why);
}
