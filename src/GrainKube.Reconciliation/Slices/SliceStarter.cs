using GrainKube.Objects.Store;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Runtime;

namespace GrainKube.Reconciliation.Slices;

/// <summary>
/// Touches every slice when this silo has started and whenever silos have come or gone, so that slices of a dead silo move at once. The reminder is the net below.
/// </summary>
internal sealed partial class SliceStarter(
    IEnumerable<IReconciler> reconcilers,
    IGrainFactory grains,
    IClusterMembershipService membership,
    IOptions<ReconciliationOptions> options,
    TimeProvider time,
    ILogger<SliceStarter> logger) : BackgroundService
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromMilliseconds(250);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await TouchAllAsync(stoppingToken);
        var known = Active(membership.CurrentSnapshot);
        await foreach (var snapshot in membership.MembershipUpdates.WithCancellation(stoppingToken))
        {
            var now = Active(snapshot);
            if (!now.SetEquals(known))
            {
                known = now;
                await TouchAllAsync(stoppingToken);
            }
        }
    }

    private static HashSet<SiloAddress> Active(ClusterMembershipSnapshot snapshot) =>
        [.. snapshot.Members.Where(m => m.Value.Status == SiloStatus.Active).Select(m => m.Key)];

    private Task TouchAllAsync(CancellationToken cancel) => Task.WhenAll(
        from reconciler in reconcilers
        where options.Value.IsEnabled(reconciler.Name)
        from index in Enumerable.Range(0, reconciler.Slices)
        select TouchAsync(new SliceName(reconciler.Name, index), cancel));

    private async Task TouchAsync(SliceName slice, CancellationToken cancel)
    {
        while (!cancel.IsCancellationRequested)
        {
            try
            {
                await grains.GetGrain<IReconcilerGrain>(slice.ToString()).StartAsync();
                return;
            }
            catch (Exception error) when (error is OrleansException or StoreException or TimeoutException)
            {
                LogNotStarted(slice, error.Message);
                await Task.Delay(RetryAfter, time, cancel);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Slice {Slice} could not be started yet: {Why}")]
    private partial void LogNotStarted(SliceName slice, string why);
}
