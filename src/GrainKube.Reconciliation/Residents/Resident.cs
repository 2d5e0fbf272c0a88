namespace GrainKube.Reconciliation.Residents;

/// <summary>A grain that is to run somewhere in the cluster at all times: a slice of a controller, a scheduler.</summary>
/// <param name="Name">For logs.</param>
/// <param name="StartAsync">Calls the grain so that it activates. Safe to repeat.</param>
public sealed record Resident(string Name, Func<IGrainFactory, Task> StartAsync);
