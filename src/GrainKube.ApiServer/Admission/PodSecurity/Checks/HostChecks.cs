using System.Globalization;
using System.Text.Json.Nodes;

namespace GrainKube.ApiServer.Admission.PodSecurity.Checks;

/// <summary>What of the node a pod may share.</summary>
internal static class HostChecks
{
    private static readonly string[] Namespaces = ["hostNetwork", "hostPID", "hostIPC"];
    private static readonly string[] Probes = ["livenessProbe", "readinessProbe", "startupProbe"];
    private static readonly string[] Hooks = ["postStart", "preStop"];

    public static IReadOnlyList<SecurityCheck> All { get; } =
    [
        new("hostNamespaces", SecurityLevel.Baseline, [new(0, SharedNamespaces)]),
        new("hostPathVolumes", SecurityLevel.Baseline, [new(0, HostPaths)]),
        new("hostPorts", SecurityLevel.Baseline, [new(0, HostPorts)]),
        new("hostProbesAndHostLifecycle", SecurityLevel.Baseline, [new(34, HostProbes)]),
        new("windowsHostProcess", SecurityLevel.Baseline, [new(0, HostProcess)]),
    ];

    private static SecurityViolation? SharedNamespaces(CheckedPod pod)
    {
        var shared = Namespaces.Where(name => (bool?)pod.Spec[name] == true).Select(name => $"{name}=true").ToArray();
        return shared.Length == 0 ? null : new("host namespaces", string.Join(", ", shared));
    }

    private static SecurityViolation? HostPaths(CheckedPod pod)
    {
        var volumes = pod.Volumes.Where(v => v["hostPath"] is not null).Select(v => (string?)v["name"] ?? "").ToArray();
        return volumes.Length == 0 ? null : new("hostPath volumes", $"{Wording.Plural("volume", "volumes", volumes.Length)} {Wording.Quoted(volumes)}");
    }

    private static SecurityViolation? HostPorts(CheckedPod pod)
    {
        var names = pod.Where(c => Ports(c).Any());
        var ports = Wording.Sorted(pod.Containers.SelectMany(Ports));
        return names.Length == 0 ? null : new(
            "hostPort",
            $"{Wording.Containers(names)} {Wording.Plural("uses", "use", names.Length)} {Wording.Plural("hostPort", "hostPorts", ports.Length)} {string.Join(", ", ports)}");
    }

    private static SecurityViolation? HostProbes(CheckedPod pod)
    {
        var names = Wording.Sorted(pod.Where(c => ProbedHosts(c).Any()));
        var hosts = Wording.Sorted(pod.Containers.SelectMany(ProbedHosts));
        return names.Length == 0 ? null : new(
            "probe or lifecycle host",
            $"{Wording.Containers(names)} {Wording.Plural("uses", "use", names.Length)} {Wording.Plural("probe or lifecycle host", "probe or lifecycle hosts", hosts.Length)} {Wording.Quoted(hosts)}");
    }

    private static SecurityViolation? HostProcess(CheckedPod pod)
    {
        var ofPod = IsHostProcess(pod.Security);
        var names = pod.Where(c => IsHostProcess(c.Security));
        return !ofPod && names.Length == 0 ? null : new("hostProcess", $"{Wording.Setters(ofPod, names)} must not set securityContext.windowsOptions.hostProcess=true");
    }

    private static bool IsHostProcess(JsonObject? security) => (bool?)security?["windowsOptions"]?["hostProcess"] == true;

    private static IEnumerable<string> Ports(CheckedContainer container) =>
        (container.Json["ports"] as JsonArray ?? []).Select(p => (int?)p?["hostPort"] ?? 0).Where(port => port != 0).Select(port => port.ToString(CultureInfo.InvariantCulture));

    private static IEnumerable<string> ProbedHosts(CheckedContainer container) =>
        Probes.Select(name => container.Json[name]).Concat(Hooks.Select(name => container.Json["lifecycle"]?[name]))
            .SelectMany(handler => new[] { (string?)handler?["httpGet"]?["host"], (string?)handler?["tcpSocket"]?["host"] })
            .OfType<string>()
            .Where(host => host.Length > 0);
}
