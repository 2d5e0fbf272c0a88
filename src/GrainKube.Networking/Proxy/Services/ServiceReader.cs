using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using GrainKube.ApiMachinery.Objects;
using k8s.Models;

namespace GrainKube.Networking.Proxy.Services;

/// <summary>Reads a Service and its EndpointSlices. Pure.</summary>
internal static class ServiceReader
{
    /// <summary>On a slice: the service that it belongs to.</summary>
    public const string ServiceLabel = "kubernetes.io/service-name";

    private const string OtherProxyLabel = "service.kubernetes.io/service-proxy-name";
    private const string HeadlessLabel = "service.kubernetes.io/headless";

    /// <summary>The service as this node is to serve it; without ports where it is none of the proxy's business.</summary>
    public static ProxiedService Read(ServiceName name, KubeObject? item, IEnumerable<KubeObject> slices, NodePlace place)
    {
        if (item is null || item.Header.Labels.ContainsKey(OtherProxyLabel) || item.Header.Labels.ContainsKey(HeadlessLabel))
        {
            return new ProxiedService(name, []);
        }

        var spec = item.As<V1Service>().Spec;
        if (spec is null || spec.Type == "ExternalName" || !IsIPv4(spec.ClusterIP) || spec.Ports is not { Count: > 0 })
        {
            return new ProxiedService(name, []);
        }

        var views = slices.Where(s => !s.Header.Labels.ContainsKey(OtherProxyLabel) && !s.Header.Labels.ContainsKey(HeadlessLabel))
            .Select(s => s.As<V1EndpointSlice>()).Where(s => s.AddressType == "IPv4").ToList();
        var balanced = item.As<V1Service>().Status?.LoadBalancer?.Ingress ?? [];
        var ports = spec.Ports.Select(port => Port(name, spec, port, balanced, EndpointChoice.Of(Endpoints(port, views, place), place))).ToImmutableArray();
        var isLocal = IsExternalLocal(spec);
        return new ProxiedService(name, ports, isLocal && spec.HealthCheckNodePort is > 0 and var health ? new ServiceHealth(health, LocalReady(views, place)) : null);
    }

    private static ServicePort Port(ServiceName name, V1ServiceSpec spec, V1ServicePort port, IList<V1LoadBalancerIngress> balanced, EndpointChoice choice)
    {
        var isExternal = spec.Type is "NodePort" or "LoadBalancer";
        return new ServicePort
        {
            Service = name,
            Name = port.Name ?? "",
            Protocol = ProtocolOf(port.Protocol),
            ClusterIp = spec.ClusterIP,
            Port = port.Port,
            NodePort = isExternal ? port.NodePort ?? 0 : 0,
            ExternalIps = [.. (spec.ExternalIPs ?? []).Where(IsIPv4)],
            LoadBalancerIps = spec.Type == "LoadBalancer" ? [.. balanced.Where(b => b.IpMode != "Proxy" && IsIPv4(b.Ip)).Select(b => b.Ip)] : [],
            LoadBalancerSources = Sources(spec),
            AffinitySeconds = spec.SessionAffinity == "ClientIP" ? spec.SessionAffinityConfig?.ClientIP?.TimeoutSeconds ?? 10800 : null,
            IsInternalLocal = spec.InternalTrafficPolicy == "Local",
            IsExternalLocal = IsExternalLocal(spec),
            Cluster = choice.Cluster,
            Local = choice.Local,
            HasEndpoints = choice.HasEndpoints,
        };
    }

    private static bool IsExternalLocal(V1ServiceSpec spec) => spec.ExternalTrafficPolicy == "Local";

    private static ImmutableArray<string> Sources(V1ServiceSpec spec) =>
        spec.Type != "LoadBalancer" || spec.LoadBalancerSourceRanges is not { Count: > 0 } ranges ? []
        : [.. AddressRanges.Merge(ranges.Select(r => r.Trim()))];

    private static List<SliceEndpoint> Endpoints(V1ServicePort port, IEnumerable<V1EndpointSlice> slices, NodePlace place)
    {
        // The same address may be in two slices while it moves between them: what is ready counts.
        var found = new Dictionary<(string, int), SliceEndpoint>();
        foreach (var slice in slices)
        {
            foreach (var target in (slice.Ports ?? []).Where(p => (p.Name ?? "") == (port.Name ?? "") && ProtocolOf(p.Protocol) == ProtocolOf(port.Protocol) && p.Port is > 0))
            {
                foreach (var endpoint in (slice.Endpoints ?? []).Where(e => e.Addresses is [var address, ..] && IsIPv4(address)))
                {
                    var made = Endpoint(endpoint, target.Port!.Value, place);
                    if (!found.TryGetValue((made.Target.Address, made.Target.Port), out var known) || !known.IsReady)
                    {
                        found[(made.Target.Address, made.Target.Port)] = made;
                    }
                }
            }
        }

        return [.. found.Values];
    }

    // Conditions that nobody set mean yes, "terminating" means no.
    private static SliceEndpoint Endpoint(V1Endpoint endpoint, int port, NodePlace place)
    {
        var ready = endpoint.Conditions?.Ready ?? true;
        return new SliceEndpoint(
            new ServiceEndpoint(endpoint.Addresses[0], port, endpoint.NodeName == place.NodeName),
            ready,
            endpoint.Conditions?.Serving ?? ready,
            endpoint.Conditions?.Terminating ?? false,
            [.. (endpoint.Hints?.ForZones ?? []).Select(z => z.Name)],
            [.. (endpoint.Hints?.ForNodes ?? []).Select(n => n.Name)]);
    }

    private static int LocalReady(IEnumerable<V1EndpointSlice> slices, NodePlace place) => slices
        .SelectMany(s => s.Endpoints ?? [])
        .Where(e => e.NodeName == place.NodeName && (e.Conditions?.Ready ?? true) && e.Addresses is { Count: > 0 })
        .Select(e => e.Addresses[0]).Distinct(StringComparer.Ordinal).Count();

    private static string ProtocolOf(string? protocol) => protocol switch { "UDP" => "udp", "SCTP" => "sctp", _ => "tcp" };

    private static bool IsIPv4(string? text) => IPAddress.TryParse(text, out var address) && address.AddressFamily == AddressFamily.InterNetwork;
}
