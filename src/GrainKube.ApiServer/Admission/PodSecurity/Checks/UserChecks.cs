namespace GrainKube.ApiServer.Admission.PodSecurity.Checks;

/// <summary>As whom containers run. A pod with users of its own is root only to itself.</summary>
internal static class UserChecks
{
    private const string ProcMount = "procMount";

    public static IReadOnlyList<SecurityCheck> All { get; } =
    [
        new("runAsNonRoot", SecurityLevel.Restricted, [new(0, NonRoot), new(35, pod => pod.HasOwnUsers ? null : NonRoot(pod))]),
        new("runAsUser", SecurityLevel.Restricted, [new(23, RootUser), new(35, pod => pod.HasOwnUsers ? null : RootUser(pod))]),
        new(ProcMount, SecurityLevel.Baseline, [new(0, ProcMounts), new(35, pod => pod.HasOwnUsers ? null : ProcMounts(pod))]),
        new("procMount_restricted", SecurityLevel.Restricted, [new(35, ProcMounts)], ProcMount),
    ];

    private static SecurityViolation? NonRoot(CheckedPod pod)
    {
        const string reason = "runAsNonRoot != true";
        var ofPod = (bool?)pod.Security?["runAsNonRoot"];
        var root = pod.Where(c => (bool?)c.Security?["runAsNonRoot"] == false);
        if (ofPod == false || root.Length > 0)
        {
            return new(reason, $"{Wording.Setters(ofPod == false, root)} must not set securityContext.runAsNonRoot=false");
        }

        var silent = ofPod == true ? [] : pod.Where(c => c.Security?["runAsNonRoot"] is null);
        return silent.Length == 0 ? null : new(reason, $"pod or {Wording.Containers(silent)} must set securityContext.runAsNonRoot=true");
    }

    private static SecurityViolation? RootUser(CheckedPod pod)
    {
        var ofPod = (long?)pod.Security?["runAsUser"] == 0;
        var names = pod.Where(c => (long?)c.Security?["runAsUser"] == 0);
        return !ofPod && names.Length == 0 ? null : new("runAsUser=0", $"{Wording.Setters(ofPod, names)} must not set runAsUser=0");
    }

    private static SecurityViolation? ProcMounts(CheckedPod pod)
    {
        static string? Mount(CheckedContainer container) => (string?)container.Security?["procMount"] is { } mount and not "Default" ? mount : null;
        var names = pod.Where(c => Mount(c) is not null);
        return names.Length == 0
            ? null
            : new("procMount", $"{Wording.Containers(names)} must not set securityContext.procMount to {Wording.Quoted(Wording.Sorted(pod.Containers.Select(Mount).OfType<string>()))}");
    }
}
