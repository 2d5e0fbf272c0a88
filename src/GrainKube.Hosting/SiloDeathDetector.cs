using System.Net.Sockets;
using GrainKube.Objects.Store;
using Microsoft.Extensions.Logging;

namespace GrainKube.Hosting;

/// <summary>
/// Declares a silo dead whose machine answers that nobody listens there any more. Membership alone needs votes, and with most of a small cluster gone there is nobody to give them; a refused
/// connection is proof where silence is only suspicion. It also clears away the former life of a silo that was restarted.
/// </summary>
internal sealed partial class SiloDeathDetector(IClusterMembershipService membership, ILocalSiloDetails local, TimeProvider time, ILogger<SiloDeathDetector> logger) : ILifecycleParticipant<ISiloLifecycle>
{
    private const int Proof = 3;
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(300);
    private readonly Dictionary<SiloAddress, int> refusals = [];
    private readonly CancellationTokenSource stopping = new();
    private Task running = Task.CompletedTask;

    public void Participate(ISiloLifecycle lifecycle) =>
        // Before this silo joins: a newcomer must reach every member, and after the whole cluster was killed the members on record are all dead.
        lifecycle.Subscribe(nameof(SiloDeathDetector), ServiceLifecycleStage.RuntimeGrainServices, StartAsync, StopAsync);

    private Task StartAsync(CancellationToken cancel)
    {
        running = Task.Run(RunAsync, CancellationToken.None);
        return Task.CompletedTask;
    }

    private async Task StopAsync(CancellationToken cancel)
    {
        await stopping.CancelAsync();
        await running;
    }

    private async Task RunAsync()
    {
        using var timer = new PeriodicTimer(Period, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stopping.Token))
            {
                await LookAtAllAsync();
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
        }
    }

    private async Task LookAtAllAsync()
    {
        var peers = membership.CurrentSnapshot.Members.Values.Where(m => m.Status == SiloStatus.Active && !m.SiloAddress.Equals(local.SiloAddress)).Select(m => m.SiloAddress).ToList();
        foreach (var gone in refusals.Keys.Except(peers).ToList())
        {
            refusals.Remove(gone);
        }

        var answers = await Task.WhenAll(peers.Select(IsRefusedAsync));
        for (var i = 0; i < peers.Count; i++)
        {
            refusals[peers[i]] = answers[i] ? refusals.GetValueOrDefault(peers[i]) + 1 : 0;
            if (refusals[peers[i]] >= Proof)
            {
                await DeclareDeadAsync(peers[i]);
            }
        }
    }

    private async Task<bool> IsRefusedAsync(SiloAddress silo)
    {
        using var socket = new Socket(silo.Endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stopping.Token);
        limit.CancelAfter(Period);
        try
        {
            await socket.ConnectAsync(silo.Endpoint, limit.Token);
            return false;
        }
        catch (SocketException error)
        {
            return error.SocketErrorCode == SocketError.ConnectionRefused;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private async Task DeclareDeadAsync(SiloAddress silo)
    {
        try
        {
            if (await membership.TryKill(silo))
            {
                refusals.Remove(silo);
                LogDead(silo);
            }
        }
        catch (Exception error) when (error is StoreException or OrleansException)
        {
            LogNotDeclared(silo, error.Message);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Silo {Silo} refuses connections and is declared dead")]
    private partial void LogDead(SiloAddress silo);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Silo {Silo} refuses connections but could not be declared dead yet: {Why}")]
    private partial void LogNotDeclared(SiloAddress silo, string why);
}
