using System.Text.Json.Nodes;

namespace GrainKube.ApiServer.Admission.PodSecurity.Checks;

/// <summary>AppArmor, seccomp, SELinux and sysctls.</summary>
internal static class ProfileChecks
{
    private const string SeccompBaseline = "seccompProfile_baseline";
    private const string AppArmorPrefix = "container.apparmor.security.beta.kubernetes.io/";
    private const string SeccompPod = "seccomp.security.alpha.kubernetes.io/pod";
    private const string SeccompContainer = "container.seccomp.security.alpha.kubernetes.io/";
    private static readonly string[] SafeSysctls =
    [
        "kernel.shm_rmid_forced", "net.ipv4.ip_local_port_range", "net.ipv4.tcp_syncookies", "net.ipv4.ping_group_range", "net.ipv4.ip_unprivileged_port_start",
    ];

    private static readonly string[] SinceV27 = [.. SafeSysctls, "net.ipv4.ip_local_reserved_ports"];
    private static readonly string[] SinceV29 =
        [.. SinceV27, "net.ipv4.tcp_keepalive_time", "net.ipv4.tcp_fin_timeout", "net.ipv4.tcp_keepalive_intvl", "net.ipv4.tcp_keepalive_probes"];

    private static readonly string[] SinceV32 = [.. SinceV29, "net.ipv4.tcp_rmem", "net.ipv4.tcp_wmem"];
    private static readonly string[] SinceV37 = [.. SinceV32, "net.ipv4.tcp_slow_start_after_idle", "net.ipv4.tcp_notsent_lowat"];
    private static readonly string[] SeLinuxTypes = ["", "container_t", "container_init_t", "container_kvm_t"];
    private static readonly string[] SeLinuxSinceV31 = [.. SeLinuxTypes, "container_engine_t"];

    public static IReadOnlyList<SecurityCheck> All { get; } =
    [
        new("appArmorProfile", SecurityLevel.Baseline, [new(0, AppArmor)]),
        new(SeccompBaseline, SecurityLevel.Baseline, [new(0, SeccompAnnotations), new(19, SeccompValues)]),
        new("seccompProfile_restricted", SecurityLevel.Restricted, [new(19, Seccomp), new(25, pod => pod.IsWindows ? null : Seccomp(pod))], SeccompBaseline),
        new("seLinuxOptions", SecurityLevel.Baseline, [new(0, pod => SeLinux(pod, SeLinuxTypes)), new(31, pod => SeLinux(pod, SeLinuxSinceV31))]),
        new(
            "sysctls",
            SecurityLevel.Baseline,
            [new(0, pod => Sysctls(pod, SafeSysctls)), new(27, pod => Sysctls(pod, SinceV27)), new(29, pod => Sysctls(pod, SinceV29)), new(32, pod => Sysctls(pod, SinceV32)), new(37, pod => Sysctls(pod, SinceV37))]),
    ];

    private static SecurityViolation? AppArmor(CheckedPod pod)
    {
        var ofPod = BadType(pod.Security, "appArmorProfile");
        var names = pod.Where(c => BadType(c.Security, "appArmorProfile") is not null);
        var annotations = pod.Annotations
            .Where(a => a.Key.StartsWith(AppArmorPrefix, StringComparison.Ordinal) && !IsFree((string?)a.Value ?? ""))
            .Select(a => $"{a.Key}=\"{(string?)a.Value}\"").Order(StringComparer.Ordinal).ToArray();
        string[] values = [.. Values(pod, "appArmorProfile"), .. annotations];
        List<string> setters = ofPod is null && names.Length == 0 ? [] : [Wording.Setters(ofPod is not null, names)];
        if (annotations.Length > 0)
        {
            setters.Add(Wording.Plural("annotation", "annotations", annotations.Length));
        }

        return setters.Count == 0 ? null : new(
            Wording.Plural("forbidden AppArmor profile", "forbidden AppArmor profiles", values.Length),
            $"{string.Join(" and ", setters)} must not set AppArmor profile type to {Wording.Quoted(values)}");

        static bool IsFree(string profile) => profile is "" or "runtime/default" || profile.StartsWith("localhost/", StringComparison.Ordinal);
    }

    private static SecurityViolation? SeccompAnnotations(CheckedPod pod)
    {
        var wrong = Wording.Sorted(pod.Containers.Select(c => SeccompContainer + c.Name).Prepend(SeccompPod)
            .Where(name => (string?)pod.Annotations[name] is { } value && !(value is "runtime/default" or "docker/default" || value.StartsWith("localhost/", StringComparison.Ordinal)))
            .Select(name => $"{name}=\"{(string?)pod.Annotations[name]}\""));
        return wrong.Length == 0 ? null : new("seccompProfile", $"forbidden {Wording.Plural("annotation", "annotations", wrong.Length)} {string.Join(", ", wrong)}");
    }

    private static SecurityViolation? SeccompValues(CheckedPod pod)
    {
        var ofPod = BadType(pod.Security, "seccompProfile");
        var names = pod.Where(c => BadType(c.Security, "seccompProfile") is not null);
        return ofPod is null && names.Length == 0 ? null : new(
            "seccompProfile", $"{Wording.Setters(ofPod is not null, names)} must not set securityContext.seccompProfile.type to {Wording.Quoted(Values(pod, "seccompProfile"))}");
    }

    private static SecurityViolation? Seccomp(CheckedPod pod)
    {
        if (SeccompValues(pod) is { } wrong)
        {
            return wrong;
        }

        var silent = pod.Security?["seccompProfile"] is not null ? [] : pod.Where(c => c.Security?["seccompProfile"] is null);
        return silent.Length == 0 ? null : new("seccompProfile", $"pod or {Wording.Containers(silent)} must set securityContext.seccompProfile.type to \"RuntimeDefault\" or \"Localhost\"");
    }

    private static SecurityViolation? SeLinux(CheckedPod pod, string[] types)
    {
        var all = pod.Containers.Select(c => c.Security).Prepend(pod.Security).Select(s => s?["seLinuxOptions"] as JsonObject).ToArray();
        var names = pod.Where(c => IsWrong(c.Security?["seLinuxOptions"] as JsonObject));
        if (names.Length == 0 && !IsWrong(all[0]))
        {
            return null;
        }

        List<string> wrong = [];
        var forbidden = Wording.Sorted(all.Where(o => o is not null).Select(o => Text(o, "type")).Where(t => !types.Contains(t)));
        if (forbidden.Length > 0)
        {
            wrong.Add($"{Wording.Plural("type", "types", forbidden.Length)} {Wording.Quoted(forbidden)}");
        }

        wrong.AddRange(new[] { "user", "role" }.Where(field => all.Any(o => Text(o, field).Length > 0)).Select(field => $"{field} may not be set"));
        return new("seLinuxOptions", $"{Wording.Setters(IsWrong(all[0]), names)} set forbidden securityContext.seLinuxOptions: {string.Join("; ", wrong)}");

        bool IsWrong(JsonObject? options) => !types.Contains(Text(options, "type")) || Text(options, "user").Length > 0 || Text(options, "role").Length > 0;
        static string Text(JsonObject? options, string field) => (string?)options?[field] ?? "";
    }

    private static SecurityViolation? Sysctls(CheckedPod pod, string[] safe)
    {
        var wrong = (pod.Security?["sysctls"] as JsonArray ?? []).Select(s => (string?)s?["name"] ?? "").Where(name => !safe.Contains(name)).ToArray();
        return wrong.Length == 0 ? null : new("forbidden sysctls", string.Join(", ", wrong));
    }

    /// <summary>The type of a profile that is neither the runtime's default nor a file of the node; null where it may be, or where nothing is said.</summary>
    private static string? BadType(JsonObject? security, string profile) =>
        security?[profile] is JsonObject given && (string?)given["type"] is var type && type is not ("RuntimeDefault" or "Localhost") ? type ?? "" : null;

    private static string[] Values(CheckedPod pod, string profile) =>
        Wording.Sorted(pod.Containers.Select(c => BadType(c.Security, profile)).Prepend(BadType(pod.Security, profile)).OfType<string>());
}
