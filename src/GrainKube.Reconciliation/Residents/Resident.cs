namespace GrainKube.Reconciliation.Residents;

/// <summary>What is to be in the cluster at all times: a grain that runs (a slice of a controller, a scheduler), a definition of a custom resource.</summary>
/// <param name="Name">For logs.</param>
/// <param name="StartAsync">Calls the grain so that it activates, or makes what is to be there. Safe to repeat.</param>
public sealed record Resident(string Name, Func<IGrainFactory, Task> StartAsync);
