using k8s.Models;

namespace GrainKube.Resources.Core.Pods;

/// <summary>Ports of a pod's containers that say the same thing twice, or contradict each other.</summary>
internal static class PortWarnings
{
    public static void Add(V1PodSpec spec, string path, IList<string> warnings)
    {
        var known = new List<(V1ContainerPort Port, string Path)>();
        foreach (var (containers, list) in (ReadOnlySpan<(IList<V1Container>?, string)>)[(spec.InitContainers, "initContainers"), (spec.Containers, "containers")])
        {
            for (var c = 0; c < containers?.Count; c++)
            {
                for (var p = 0; p < containers[c].Ports?.Count; p++)
                {
                    var (port, place) = (containers[c].Ports[p], $"{path}spec.{list}[{c}].ports[{p}]");
                    if (!string.IsNullOrEmpty(port.HostIP) && port.HostPort is null or 0)
                    {
                        warnings.Add($"{place}: hostIP set without hostPort: {{Name:{port.Name} HostPort:0 ContainerPort:{port.ContainerPort} Protocol:{port.Protocol} HostIP:{port.HostIP}}}");
                    }

                    foreach (var other in known)
                    {
                        if (Relation(port, other.Port) is { } relation)
                        {
                            warnings.Add($"{place}: {relation} port definition with {other.Path}");
                        }
                    }

                    known.Add((port, place));
                }
            }
        }
    }

    private static string? Relation(V1ContainerPort port, V1ContainerPort other)
    {
        if (port.ContainerPort != other.ContainerPort || port.Protocol != other.Protocol)
        {
            return null;
        }

        var (host, others) = (port.HostPort ?? 0, other.HostPort ?? 0);
        var (address, its) = (port.HostIP ?? "", other.HostIP ?? "");
        return host == others && address == its ? "duplicate"
            : host == 0 || others == 0 ? "overlapping"
            : host == others && address.Length == 0 != (its.Length == 0) ? "dangerously ambiguous"
            : null;
    }
}
