using k8s.Models;

namespace GrainKube.Kubelet.Pods;

/// <summary>Which kernel parameters a pod may set: those that concern its own namespaces alone and harm nobody else (upstream's safe set).</summary>
internal static class SysctlRules
{
    private static readonly HashSet<string> Safe = new(StringComparer.Ordinal)
    {
        "kernel.shm_rmid_forced",
        "net.ipv4.ip_local_port_range",
        "net.ipv4.ip_local_reserved_ports",
        "net.ipv4.ip_unprivileged_port_start",
        "net.ipv4.ping_group_range",
        "net.ipv4.tcp_fin_timeout",
        "net.ipv4.tcp_keepalive_intvl",
        "net.ipv4.tcp_keepalive_probes",
        "net.ipv4.tcp_keepalive_time",
        "net.ipv4.tcp_rmem",
        "net.ipv4.tcp_syncookies",
        "net.ipv4.tcp_wmem",
    };

    /// <summary>The name with dots, as the engine knows it; slashes are another spelling.</summary>
    public static string Normal(string name) => name.Replace('/', '.');

    /// <returns>Why the pod must not run, or null.</returns>
    public static string? Refusal(V1PodSpec spec)
    {
        foreach (var sysctl in spec.SecurityContext?.Sysctls ?? [])
        {
            var name = Normal(sysctl.Name);
            if (!Safe.Contains(name))
            {
                return $"forbidden sysctl: \"{sysctl.Name}\" not allowlisted";
            }

            if (spec.HostNetwork == true && name.StartsWith("net.", StringComparison.Ordinal))
            {
                return $"forbidden sysctl: \"{sysctl.Name}\" not allowed with host net enabled";
            }

            if (spec.HostIPC == true && name.StartsWith("kernel.", StringComparison.Ordinal))
            {
                return $"forbidden sysctl: \"{sysctl.Name}\" not allowed with host ipc enabled";
            }
        }

        return null;
    }
}
