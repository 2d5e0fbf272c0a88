namespace GrainKube.Reconciliation.Residents;

/// <summary>What is to be in the cluster at all times: a grain that runs (a slice of a controller, a scheduler), a definition of a custom resource.</summary>
/// <param name="Name">For logs.</param>
/// <param name="StartAsync">Calls the grain so that it activates, or makes what is to be there. Safe to repeat.</param>
/// <param name="Component">Which of upstream's components it belongs to (<c>controller-manager</c>, <c>scheduler</c>); empty for none.</param>
public sealed record Resident(string Name, Func<IGrainFactory, Task> StartAsync, string Component = "");
