using System.Net;
using System.Text.Json.Nodes;

namespace GrainKube.Networking.Addresses;

/// <summary>What a Service has of the pools: its cluster addresses and its ports on the nodes. Pure.</summary>
internal sealed class ServiceClaims
{
    private ServiceClaims(IReadOnlyList<string> addresses, IReadOnlySet<int> nodePorts) => (Addresses, NodePorts) = (addresses, nodePorts);

    /// <summary>Cluster addresses in their canonical form; none for headless services and external names.</summary>
    public IReadOnlyList<string> Addresses { get; }

    /// <summary>Ports on the nodes, the health check's among them. One number serves all protocols of a service and belongs to no other.</summary>
    public IReadOnlySet<int> NodePorts { get; }

    /// <param name="service">A Service, or null for none.</param>
    public static ServiceClaims Of(JsonObject? service)
    {
        var spec = service.Spec();
        var addresses = NeedsAddress(spec) ? spec.Texts("clusterIPs").Where(a => a.Length > 0).Select(Canonical).ToList() : [];
        var ports = new HashSet<int>();
        if (spec.Text("type") is "NodePort" or "LoadBalancer")
        {
            foreach (var port in spec.Ports())
            {
                ports.Add(port.Integer("nodePort"));
            }
        }

        if (NeedsHealthCheck(spec))
        {
            ports.Add(spec.Integer("healthCheckNodePort"));
        }

        ports.Remove(0);
        return new ServiceClaims(addresses, ports);
    }

    public static bool NeedsAddress(JsonObject spec) =>
        spec.Text("type") is "ClusterIP" or "NodePort" or "LoadBalancer" && spec.Text("clusterIP") != "None" && spec.Texts("clusterIPs").FirstOrDefault() != "None";

    public static bool NeedsNodePorts(JsonObject spec) =>
        spec.Text("type") == "NodePort" || (spec.Text("type") == "LoadBalancer" && spec["allocateLoadBalancerNodePorts"]?.GetValue<bool>() != false);

    public static bool NeedsHealthCheck(JsonObject spec) => spec.Text("type") == "LoadBalancer" && spec.Text("externalTrafficPolicy") == "Local";

    private static string Canonical(string address) => IPAddress.TryParse(address, out var parsed) ? parsed.ToString() : address;
}
