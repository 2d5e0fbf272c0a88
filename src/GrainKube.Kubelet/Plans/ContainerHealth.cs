namespace GrainKube.Kubelet.Plans;

/// <summary>What probes and hooks say of a running container.</summary>
/// <param name="Started">The startup probe has passed, or there is none.</param>
/// <param name="Ready">The readiness probe passes, or there is none.</param>
/// <param name="FailedProbe"><c>liveness</c> or <c>startup</c> where that probe asks for a restart; otherwise null.</param>
internal sealed record ContainerHealth(bool Started, bool Ready, string? FailedProbe = null)
{
    public static readonly ContainerHealth Fine = new(true, true);
}
