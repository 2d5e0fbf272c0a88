using GrainKube.Reconciliation;
using GrainKube.Reconciliation.Residents;
using GrainKube.Scheduler.Nodes;
using GrainKube.Scheduler.Scheduling;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace GrainKube.Scheduler;

/// <summary>Registers the default scheduler.</summary>
public static class SchedulerServices
{
    public static IServiceCollection AddScheduler(this IServiceCollection services)
    {
        // One for the process: pods keep their numbers by these positions.
        services.TryAddSingleton<ResourceNames>();
        return services.AddResidents<SchedulerResidents>();
    }

    private sealed class SchedulerResidents : IResidents
    {
        public IEnumerable<Resident> All => [new("Scheduler default-scheduler", grains => grains.GetGrain<ISchedulerGrain>("default-scheduler").StartAsync(), "scheduler")];
    }
}
