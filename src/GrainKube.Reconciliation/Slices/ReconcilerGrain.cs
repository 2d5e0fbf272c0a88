using GrainKube.Objects.Client;
using GrainKube.Objects.Placement;
using GrainKube.Objects.Store;
using Microsoft.Extensions.Logging;

namespace GrainKube.Reconciliation.Slices;

/// <summary>The grain of a slice: takes the epoch, passes the barrier, runs the slice, and lives until its silo ends or a successor takes the epoch.</summary>
[KeepAlive]
[PreferLocalServer]
[GrainType("reconciler")]
internal sealed partial class ReconcilerGrain(
    IEnumerable<IReconciler> reconcilers,
    ReconcilerCatalog catalog,
    ObjectClientFactory clients,
    IObjectStore store,
    ILocalSiloDetails silo,
    TimeProvider time,
    ILogger<ReconcilerGrain> logger) : Grain, IReconcilerGrain, IRemindable
{
    private const string Reminder = "alive";
    private static readonly TimeSpan ReminderPeriod = TimeSpan.FromMinutes(1);
    private ReconcilerSlice? slice;
    private ReconcilerWiring? wiring;

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        var name = SliceName.Parse(this.GetPrimaryKeyString());
        var reconciler = reconcilers.First(r => r.Name == name.Controller);
        var fence = await Epoch.TakeAsync(store, name.ToString(), silo.Name, time, cancellationToken);
        await clients.Cache.WaitUntilCurrentAsync(cancellationToken);
        slice = new ReconcilerSlice(name, reconciler, clients, fence, time, logger, DeactivateOnIdle);
        wiring = catalog.WiringOf(reconciler);
        slice.Start(wiring);
        LogStarted(name, silo.Name);
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        if (slice is not null)
        {
            await slice.DisposeAsync();
        }
    }

    public async Task StartAsync()
    {
        if (wiring!.LooksAgainOnMembership)
        {
            slice!.LookAtAll(wiring);
        }

        if (await this.GetReminder(Reminder) is null)
        {
            await this.RegisterOrUpdateReminder(Reminder, ReminderPeriod, ReminderPeriod);
        }
    }

    public Task ReceiveReminder(string reminderName, TickStatus status) => Task.CompletedTask;

    [LoggerMessage(Level = LogLevel.Debug, Message = "Slice {Slice} runs on {Silo}")]
    private partial void LogStarted(SliceName slice, string silo);
}
