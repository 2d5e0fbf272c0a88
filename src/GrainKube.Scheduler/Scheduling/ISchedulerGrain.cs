namespace GrainKube.Scheduler.Scheduling;

/// <summary>One scheduler. Key: the name that pods give as <c>spec.schedulerName</c>.</summary>
[Alias("scheduler")]
public interface ISchedulerGrain : IGrainWithStringKey
{
    /// <summary>Makes sure that the scheduler runs somewhere. Called at start, when membership changes and by its reminder.</summary>
    [Alias("start")]
    Task StartAsync();
}
