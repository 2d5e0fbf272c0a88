using k8s.Models;

namespace GrainKube.Resources.Core.Pods;

/// <summary>A port of the node that a pod asks for.</summary>
public readonly record struct HostPort(string Ip, string Protocol, int Port)
{
    private const string AnyIp = "0.0.0.0";

    /// <summary>Two pods cannot have both: same port and protocol, on the same address or either on all.</summary>
    public bool ClashesWith(HostPort other) => Port == other.Port && Protocol == other.Protocol && (Ip == other.Ip || Ip == AnyIp || other.Ip == AnyIp);

    public static IEnumerable<HostPort> Of(V1PodSpec spec) =>
        from container in spec.Containers.Concat((spec.InitContainers ?? []).Where(c => c.RestartPolicy == "Always"))
        from port in container.Ports ?? []
        where port.HostPort > 0
        select new HostPort(string.IsNullOrEmpty(port.HostIP) ? AnyIp : port.HostIP, port.Protocol ?? "TCP", port.HostPort ?? 0);
}
