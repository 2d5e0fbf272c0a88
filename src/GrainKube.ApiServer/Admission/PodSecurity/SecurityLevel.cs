namespace GrainKube.ApiServer.Admission.PodSecurity;

/// <summary>How much a pod may reach for; the stricter the higher.</summary>
internal enum SecurityLevel
{
    Privileged,
    Baseline,
    Restricted,
}
