using k8s.Models;

namespace GrainKube.Resources.Core.Pods;

/// <summary>A port of the node that a pod asks for.</summary>
public readonly record struct HostPort(string Ip, string Protocol, int Port)
{
    private const string AnyIp = "0.0.0.0";

    /// <summary>Two pods cannot have both: same port and protocol, on the same address or either on all.</summary>
    public bool ClashesWith(HostPort other) => Port == other.Port && Protocol == other.Protocol && (Ip == other.Ip || Ip == AnyIp || other.Ip == AnyIp);

    /// <summary>What a pod's containers want.</summary>
    public static IEnumerable<HostPort> Of(V1PodSpec spec) =>
        Of(spec.Containers.Select(c => c.Ports), (spec.InitContainers ?? []).Select(c => ((string?)c.RestartPolicy, (IList<V1ContainerPort>?)c.Ports)));

    /// <summary>The same for who has read no more of the pod than this; init containers count only where they go on running.</summary>
    public static IEnumerable<HostPort> Of(IEnumerable<IList<V1ContainerPort>?> containers, IEnumerable<(string? RestartPolicy, IList<V1ContainerPort>? Ports)> initContainers) =>
        from ports in containers.Concat(initContainers.Where(c => c.RestartPolicy == "Always").Select(c => c.Ports))
        from port in ports ?? []
        where port.HostPort > 0
        select new HostPort(string.IsNullOrEmpty(port.HostIP) ? AnyIp : port.HostIP, port.Protocol ?? "TCP", port.HostPort ?? 0);
}
