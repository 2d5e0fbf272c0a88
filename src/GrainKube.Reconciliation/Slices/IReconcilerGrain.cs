namespace GrainKube.Reconciliation.Slices;

/// <summary>A slice of one controller's keys. Key: <c>controller/slice</c>.</summary>
[Alias("reconciler")]
public interface IReconcilerGrain : IGrainWithStringKey
{
    /// <summary>Makes sure that the slice runs somewhere. Called at start, when membership changes and by its reminder.</summary>
    [Alias("start")]
    Task StartAsync();
}
