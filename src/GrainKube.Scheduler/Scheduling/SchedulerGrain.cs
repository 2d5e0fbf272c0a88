using GrainKube.ApiMachinery.Identity;
using GrainKube.Objects.Client;
using GrainKube.Objects.Placement;
using GrainKube.Objects.Store;
using GrainKube.Reconciliation.Events;
using GrainKube.Reconciliation.Slices;
using GrainKube.Scheduler.Nodes;
using GrainKube.Scheduler.Volumes;
using Microsoft.Extensions.Logging;

namespace GrainKube.Scheduler.Scheduling;

/// <summary>The grain of a scheduler: takes the epoch, passes the barrier, runs the loop.</summary>
[KeepAlive]
[PreferLocalServer]
[GrainType("scheduler")]
internal sealed class SchedulerGrain(
    ObjectClientFactory clients, IObjectStore store, ResourceNames names, ILocalSiloDetails silo, TimeProvider time, ILogger<SchedulingLoop> logger) : Grain, ISchedulerGrain, IRemindable
{
    private const string Reminder = "alive";
    private static readonly TimeSpan ReminderPeriod = TimeSpan.FromMinutes(1);
    private SchedulingLoop? loop;
    private EventRecorder? events;

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        var name = this.GetPrimaryKeyString();
        var fence = await Epoch.TakeAsync(store, $"scheduler/{name}", silo.Name, time, cancellationToken);
        var objects = clients.For(UserInfo.Scheduler);
        events = new EventRecorder(objects, name, "", time);
        await clients.Cache.WaitUntilCurrentAsync(cancellationToken);
        var fenced = objects.Fenced(fence);
        loop = new SchedulingLoop(name, names, fenced, new CachedVolumes(fenced.Cache), events, time, logger, DeactivateOnIdle);
        loop.Start();
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        if (loop is not null)
        {
            await loop.DisposeAsync();
        }

        if (events is not null)
        {
            await events.DisposeAsync();
        }
    }

    public async Task StartAsync()
    {
        if (await this.GetReminder(Reminder) is null)
        {
            await this.RegisterOrUpdateReminder(Reminder, ReminderPeriod, ReminderPeriod);
        }
    }

    public Task ReceiveReminder(string reminderName, TickStatus status) => Task.CompletedTask;
}
