using GrainKube.Controllers.ServiceEndpoints;
using k8s.Models;

namespace GrainKube.Controllers.EndpointSlices;

/// <summary>Which endpoints a service's pods add up to. Pure.</summary>
internal static class ServiceSlices
{
    /// <summary>The address types that the service's slices are of.</summary>
    public static IReadOnlyList<string> AddressTypes(V1ServiceSpec spec) => spec.IpFamilies is { Count: > 0 } families
        ? [.. families]
        : [spec.ClusterIP?.Contains(':') == true ? "IPv6" : "IPv4"];

    /// <param name="service">The service.</param>
    /// <param name="pods">The pods that it selects.</param>
    /// <param name="zoneOf">The zone of a node that exists; false for a node that does not, whose pods are left out.</param>
    public static IReadOnlyList<SliceGroup> Groups(V1Service service, IEnumerable<PodEndpoint> pods, Func<string, (bool Exists, string? Zone)> zoneOf)
    {
        var spec = service.Spec;
        var types = AddressTypes(spec);
        var publishes = spec.PublishNotReadyAddresses == true;
        var groups = new Dictionary<(string Type, string Ports), (IReadOnlyList<SlicePort> Ports, List<SliceEndpoint> Endpoints)>();
        foreach (var pod in pods)
        {
            if (!pod.IsReachable)
            {
                continue;
            }

            var (exists, zone) = pod.NodeName.Length == 0 ? (true, null) : zoneOf(pod.NodeName);
            if (!exists && !publishes)
            {
                continue;
            }

            var ports = PortsOf(pod, spec);
            var key = SlicePort.KeyOf(ports);
            foreach (var type in types)
            {
                if (pod.AddressOf(six: type == "IPv6") is { } address)
                {
                    if (!groups.TryGetValue((type, key), out var group))
                    {
                        groups[(type, key)] = group = (ports, []);
                    }

                    group.Endpoints.Add(Endpoint(pod, address, zone, publishes, service));
                }
            }
        }

        return [.. groups.Select(g => new SliceGroup(g.Key.Type, g.Value.Ports, g.Value.Endpoints))];
    }

    private static List<SlicePort> PortsOf(PodEndpoint pod, V1ServiceSpec spec)
    {
        var ports = new List<SlicePort>(spec.Ports?.Count ?? 0);
        foreach (var port in spec.Ports ?? [])
        {
            if (TargetPorts.Find(pod, port) is { } number)
            {
                ports.Add(new SlicePort(port.Name ?? "", port.Protocol ?? "TCP", number, port.AppProtocol));
            }
        }

        return ports;
    }

    private static SliceEndpoint Endpoint(PodEndpoint pod, string address, string? zone, bool publishes, V1Service service)
    {
        var header = pod.Item.Header;
        var ready = publishes || (pod.IsReady && !pod.IsTerminating);
        var hinted = ready && zone is not null && service.Spec.TrafficDistribution is "PreferClose" or "PreferSameZone" or "PreferSameNode";
        return new SliceEndpoint
        {
            Address = address,
            Ready = ready,
            Serving = pod.IsReady,
            Terminating = pod.IsTerminating,
            Hostname = Hostname(pod, service),
            NodeName = pod.NodeName.Length > 0 ? pod.NodeName : null,
            Zone = zone,
            Target = new SliceTarget("Pod", header.Namespace, header.Name, header.Uid),
            ForZone = hinted ? zone : null,
            ForNode = ready && pod.NodeName.Length > 0 && service.Spec.TrafficDistribution == "PreferSameNode" ? pod.NodeName : null,
        };
    }

    /// <summary>A pod has a name of its own in the service that its <c>subdomain</c> names.</summary>
    private static string? Hostname(PodEndpoint pod, V1Service service) =>
        pod.Hostname.Length > 0 && pod.Subdomain == service.Metadata.Name ? pod.Hostname : null;
}
