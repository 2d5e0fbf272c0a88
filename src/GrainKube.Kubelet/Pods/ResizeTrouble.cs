namespace GrainKube.Kubelet.Pods;

/// <summary>A resize that is not through: as a condition of the pod.</summary>
/// <param name="Condition"><c>PodResizePending</c> while it waits, <c>PodResizeInProgress</c> where it was begun and failed.</param>
/// <param name="Reason"><c>Deferred</c>, <c>Infeasible</c> or <c>Error</c>.</param>
/// <param name="Message">For the user.</param>
internal sealed record ResizeTrouble(string Condition, string Reason, string Message)
{
    public const string Pending = "PodResizePending";
    public const string InProgress = "PodResizeInProgress";
}
