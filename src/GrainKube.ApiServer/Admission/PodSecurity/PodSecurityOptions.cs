namespace GrainKube.ApiServer.Admission.PodSecurity;

/// <summary>What holds for namespaces that say nothing, and for whom nothing holds. As upstream, everything is allowed and nobody exempt.</summary>
public sealed class PodSecurityOptions
{
    /// <summary>Level and version that refuse pods, for example <c>baseline:latest</c>. Default: <c>privileged:latest</c>.</summary>
    public string Enforce { get; set; } = "privileged:latest";

    /// <summary>Level and version whose violations are noted in the audit log.</summary>
    public string Audit { get; set; } = "privileged:latest";

    /// <summary>Level and version whose violations users are warned of.</summary>
    public string Warn { get; set; } = "privileged:latest";

    /// <summary>Namespaces in which nothing is checked.</summary>
    public IReadOnlyList<string> ExemptNamespaces { get; set; } = [];

    /// <summary>Users whose writes are not checked.</summary>
    public IReadOnlyList<string> ExemptUsernames { get; set; } = [];

    /// <summary>Runtime classes whose pods are not checked.</summary>
    public IReadOnlyList<string> ExemptRuntimeClasses { get; set; } = [];
}
