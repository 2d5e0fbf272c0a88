using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace GrainKube.Reconciliation.Residents;

/// <summary>
/// Touches every resident when this silo has joined and whenever silos have come or gone, so that what a dead silo ran goes on elsewhere at once. Reminders are the net below.
/// Once more a little later: Orleans also ends activations here whose directory entry the dead silo kept, and that may happen just after the first touch.
/// </summary>
internal sealed partial class ResidentStarter(
    IServiceProvider services, IGrainFactory grains, IClusterMembershipService membership, TimeProvider time, ILogger<ResidentStarter> logger)
    : ILifecycleParticipant<ISiloLifecycle>
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan[] AgainAfter = [TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(3)];
    private readonly CancellationTokenSource stopping = new();
    private Task running = Task.CompletedTask;

    // After the startup tasks: what every cluster has is there before anybody reconciles.
    public void Participate(ISiloLifecycle lifecycle) => lifecycle.Subscribe(nameof(ResidentStarter), ServiceLifecycleStage.Active + 1, StartAsync, StopAsync);

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
        try
        {
            await TouchAllAsync(stopping.Token);
            var known = Active(membership.CurrentSnapshot);
            await foreach (var snapshot in membership.MembershipUpdates.WithCancellation(stopping.Token))
            {
                var now = Active(snapshot);
                if (!now.SetEquals(known))
                {
                    known = now;
                    await TouchAllAsync(stopping.Token);
                    _ = TouchAgainAsync(stopping.Token);
                }
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
        }
    }

    private async Task TouchAgainAsync(CancellationToken cancel)
    {
        try
        {
            foreach (var pause in AgainAfter)
            {
                await Task.Delay(pause, time, cancel);
                await TouchAllAsync(cancel);
            }
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
        }
    }

    private static HashSet<SiloAddress> Active(ClusterMembershipSnapshot snapshot) =>
        [.. snapshot.Members.Where(m => m.Value.Status == SiloStatus.Active).Select(m => m.Key)];

    // Asked for here and not in the constructor: making every controller takes a while, which the silo's start need not wait for.
    private Task TouchAllAsync(CancellationToken cancel) => Task.WhenAll(services.GetServices<IResidents>().SelectMany(r => r.All).Select(r => TouchAsync(r, cancel)));

    private async Task TouchAsync(Resident resident, CancellationToken cancel)
    {
        while (!cancel.IsCancellationRequested)
        {
            try
            {
                await resident.StartAsync(grains);
                return;
            }
            catch (Exception error) when (!cancel.IsCancellationRequested)
            {
                // Whatever it was: a silo that no longer follows membership would leave the residents of dead silos to the reminders.
                LogNotStarted(resident.Name, error.Message);
                await Task.Delay(RetryAfter, time, cancel);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Resident} could not be started yet: {Why}")]
    private partial void LogNotStarted(string resident, string why);
}
