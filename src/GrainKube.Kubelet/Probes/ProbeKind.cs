namespace GrainKube.Kubelet.Probes;

internal enum ProbeKind
{
    Startup,
    Liveness,
    Readiness,
}
