namespace GrainKube.ApiServer.Admission.PodSecurity;

/// <summary>What is wrong with a pod.</summary>
/// <param name="Reason">In few words.</param>
/// <param name="Detail">Where, and what it should be.</param>
internal sealed record SecurityViolation(string Reason, string Detail);

/// <summary>One rule of a level, through the releases in which it changed.</summary>
/// <param name="Id">Upstream's name of the check; messages follow its order.</param>
/// <param name="Level">From which level on it holds.</param>
/// <param name="Versions">The rule, from a minor version of Kubernetes on; ascending.</param>
/// <param name="Replaces">The weaker check whose place it takes where it holds.</param>
internal sealed record SecurityCheck(string Id, SecurityLevel Level, IReadOnlyList<CheckVersion> Versions, string Replaces = "")
{
    /// <summary>The rule that a release has, or null where it had none yet.</summary>
    public Func<CheckedPod, SecurityViolation?>? At(int minor)
    {
        Func<CheckedPod, SecurityViolation?>? found = null;
        foreach (var version in Versions)
        {
            found = version.Minor <= minor ? version.Check : found;
        }

        return found;
    }
}

/// <param name="Minor">The first release.</param>
/// <param name="Check">Says what is wrong, or null.</param>
internal sealed record CheckVersion(int Minor, Func<CheckedPod, SecurityViolation?> Check);
