namespace GrainKube.ApiServer.Health;

/// <summary>Which of the three questions a probe belongs to.</summary>
public enum ProbeScope
{
    Everywhere,

    /// <summary><c>/healthz</c> and <c>/readyz</c>: nobody's restart is the cure.</summary>
    NotLiveness,

    /// <summary><c>/readyz</c> alone: the process is well, and should not be asked anything now.</summary>
    Readiness,
}
