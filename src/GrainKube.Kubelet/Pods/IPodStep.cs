namespace GrainKube.Kubelet.Pods;

/// <summary>One concern in a pod's life. Steps run in the order of <see cref="PodSteps"/> each time the pod is looked at, and the process may die between any two.</summary>
internal interface IPodStep
{
    /// <returns>False where later steps must not run in this round.</returns>
    Task<bool> RunAsync(PodContext pod, CancellationToken cancel);
}
