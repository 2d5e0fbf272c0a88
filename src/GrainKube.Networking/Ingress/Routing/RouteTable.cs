using System.Net;
using System.Net.Sockets;
using k8s.Models;

namespace GrainKube.Networking.Ingress.Routing;

/// <summary>Makes the table from objects. Of two objects that want the same host and path the older one has it.</summary>
internal static class RouteTable
{
    /// <param name="ingresses">All there are, of all classes.</param>
    /// <param name="world">What they refer to.</param>
    public static IngressRoutes Build(IEnumerable<V1Ingress> ingresses, IIngressWorld world)
    {
        var hosts = new Dictionary<string, List<PathRule>>();
        var defaults = new Dictionary<string, Backend>();
        foreach (var item in InOrder(ingresses).Where(i => IngressRules.IsOurs(i, world)))
        {
            var ns = item.Metadata.NamespaceProperty;
            var preset = item.Spec?.DefaultBackend?.Service is { } service ? BackendOf(ns, service, world) : null;
            var rules = item.Spec?.Rules ?? [];
            foreach (var rule in rules)
            {
                var host = (rule.Host ?? "").ToLowerInvariant();
                var paths = hosts.TryGetValue(host, out var known) ? known : hosts[host] = [];
                paths.AddRange((rule.Http?.Paths ?? []).Where(p => p.Backend?.Service is not null)
                    .Select(p => PathRule.Of(p.Path, p.PathType, BackendOf(ns, p.Backend.Service, world))));
                if (preset is not null)
                {
                    defaults.TryAdd(host, preset);
                }
            }

            if (preset is not null && rules.Count == 0)
            {
                defaults.TryAdd("", preset);
            }
        }

        return new IngressRoutes
        {
            Hosts = hosts.Where(h => h.Key.Length > 0 && h.Key[0] != '*').ToDictionary(h => h.Key, h => RulesOf(h.Key)),
            Wildcards = hosts.Where(h => h.Key.StartsWith("*.", StringComparison.Ordinal)).ToDictionary(h => h.Key[2..], h => RulesOf(h.Key)),
            Any = RulesOf(""),
        };

        HostRules RulesOf(string host) => new([.. PathRule.Order(hosts.GetValueOrDefault(host, []))], defaults.GetValueOrDefault(host));
    }

    /// <summary>Oldest first.</summary>
    public static IEnumerable<V1Ingress> InOrder(IEnumerable<V1Ingress> ingresses) => ingresses
        .OrderBy(i => i.Metadata.CreationTimestamp ?? DateTime.MaxValue)
        .ThenBy(i => i.Metadata.NamespaceProperty, StringComparer.Ordinal)
        .ThenBy(i => i.Metadata.Name, StringComparer.Ordinal);

    private static Backend BackendOf(string ns, V1IngressServiceBackend reference, IIngressWorld world)
    {
        var name = $"{ns}/{reference.Name}:{(reference.Port?.Name is { Length: > 0 } port ? port : reference.Port?.Number)}";
        if (world.Service(ns, reference.Name) is not { } service || IngressRules.PortOf(reference, service) is not { } found)
        {
            return new Backend(name, [], false);
        }

        var scheme = found.AppProtocol is "https" or "HTTPS" ? "https" : "http";
        var http2 = found.AppProtocol is "kubernetes.io/h2c" or "grpc" or "GRPC";
        string[] destinations = service.Spec.Type == "ExternalName"
            ? [$"{scheme}://{service.Spec.ExternalName}:{found.Port}"]
            : [.. world.Slices(ns, reference.Name).SelectMany(slice => AddressesOf(slice, found)).Distinct().Select(address => $"{scheme}://{address}")];
        return new Backend(name, destinations, http2);
    }

    private static IEnumerable<IPEndPoint> AddressesOf(V1EndpointSlice slice, V1ServicePort port)
    {
        var number = (slice.Ports ?? []).FirstOrDefault(p => (p.Name ?? "") == (port.Name ?? "") && (p.Protocol ?? "TCP") == (port.Protocol ?? "TCP"))?.Port;
        foreach (var endpoint in number is null ? [] : slice.Endpoints ?? [])
        {
            if (endpoint.Conditions?.Ready != false && endpoint.Addresses is [var first, ..]
                && IPAddress.TryParse(first, out var address) && address.AddressFamily is AddressFamily.InterNetwork or AddressFamily.InterNetworkV6)
            {
                yield return new IPEndPoint(address, number!.Value);
            }
        }
    }
}
