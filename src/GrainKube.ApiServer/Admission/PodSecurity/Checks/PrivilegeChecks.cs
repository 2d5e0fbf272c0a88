using System.Text.Json.Nodes;

namespace GrainKube.ApiServer.Admission.PodSecurity.Checks;

/// <summary>Privileges and capabilities of containers.</summary>
internal static class PrivilegeChecks
{
    private const string BaselineCapabilities = "capabilities_baseline";
    private static readonly HashSet<string> Default =
    [
        "AUDIT_WRITE", "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "MKNOD", "NET_BIND_SERVICE", "SETFCAP", "SETGID", "SETPCAP", "SETUID", "SYS_CHROOT",
    ];

    public static IReadOnlyList<SecurityCheck> All { get; } =
    [
        new("privileged", SecurityLevel.Baseline, [new(0, Privileged)]),
        new("allowPrivilegeEscalation", SecurityLevel.Restricted, [new(8, Escalation), new(25, pod => pod.IsWindows ? null : Escalation(pod))]),
        new(BaselineCapabilities, SecurityLevel.Baseline, [new(0, NotDefault)]),
        new("capabilities_restricted", SecurityLevel.Restricted, [new(22, Unrestricted), new(25, pod => pod.IsWindows ? null : Unrestricted(pod))], BaselineCapabilities),
    ];

    private static SecurityViolation? Privileged(CheckedPod pod)
    {
        var names = pod.Where(c => (bool?)c.Security?["privileged"] == true);
        return names.Length == 0 ? null : new("privileged", $"{Wording.Containers(names)} must not set securityContext.privileged=true");
    }

    private static SecurityViolation? Escalation(CheckedPod pod)
    {
        var names = pod.Where(c => (bool?)c.Security?["allowPrivilegeEscalation"] != false);
        return names.Length == 0 ? null : new("allowPrivilegeEscalation != false", $"{Wording.Containers(names)} must set securityContext.allowPrivilegeEscalation=false");
    }

    private static SecurityViolation? NotDefault(CheckedPod pod)
    {
        var names = pod.Where(c => Listed(c, "add").Any(added => !Default.Contains(added)));
        return names.Length == 0 ? null : new("non-default capabilities", MustNotAdd(pod, names, added => !Default.Contains(added)));
    }

    private static SecurityViolation? Unrestricted(CheckedPod pod)
    {
        static bool IsForbidden(string added) => added != "NET_BIND_SERVICE";
        List<string> details = [];
        var keeping = pod.Where(c => !Listed(c, "drop").Contains("ALL"));
        if (keeping.Length > 0)
        {
            details.Add($"{Wording.Containers(keeping)} must set securityContext.capabilities.drop=[\"ALL\"]");
        }

        var adding = pod.Where(c => Listed(c, "add").Any(IsForbidden));
        if (adding.Length > 0)
        {
            details.Add(MustNotAdd(pod, adding, IsForbidden));
        }

        return details.Count == 0 ? null : new("unrestricted capabilities", string.Join("; ", details));
    }

    private static string MustNotAdd(CheckedPod pod, string[] names, Func<string, bool> isForbidden) =>
        $"{Wording.Containers(names)} must not include {Wording.Quoted(Wording.Sorted(pod.Containers.SelectMany(c => Listed(c, "add")).Where(isForbidden)))} in securityContext.capabilities.add";

    private static IEnumerable<string> Listed(CheckedContainer container, string list) =>
        (container.Security?["capabilities"]?[list] as JsonArray ?? []).Select(entry => (string?)entry ?? "");
}
