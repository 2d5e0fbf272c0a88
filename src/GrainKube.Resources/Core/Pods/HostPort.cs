using k8s.Models;

namespace GrainKube.Resources.Core.Pods;

/// <summary>A port of the node that a pod asks for.</summary>
public readonly record struct HostPort(string Ip, string Protocol, int Port)
{
    private const string AnyIp = "0.0.0.0";

    /// <summary>Two pods cannot have both: same port and protocol, on the same address or either on all.</summary>
    public bool ClashesWith(HostPort other) => Port == other.Port && Protocol == other.Protocol && (Ip == other.Ip || Ip == AnyIp || other.Ip == AnyIp);

    /// <summary>What a pod's containers want; init containers only where they go on running.</summary>
    public static IEnumerable<HostPort> Of(V1PodSpec spec) =>
        Of(spec.Containers.Concat((spec.InitContainers ?? []).Where(c => c.RestartPolicy == "Always")).SelectMany(c => c.Ports ?? []));

    /// <summary>Those of the ports that are the node's, too.</summary>
    public static IEnumerable<HostPort> Of(IEnumerable<V1ContainerPort> ports) =>
        from port in ports
        where port.HostPort > 0
        select new HostPort(string.IsNullOrEmpty(port.HostIP) ? AnyIp : port.HostIP, port.Protocol ?? "TCP", port.HostPort ?? 0);
}
