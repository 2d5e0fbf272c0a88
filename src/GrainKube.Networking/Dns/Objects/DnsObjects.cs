using System.Text.Json.Nodes;

namespace GrainKube.Networking.Dns.Objects;

/// <summary>The objects by which the API knows the cluster DNS.</summary>
internal static class DnsObjects
{
    public const string Namespace = "kube-system";
    public const string ServiceName = "kube-dns";
    public const string SliceName = "kube-dns-local";

    /// <summary>Every node has the address for its own, so no service proxy has anything to do: the label says so, to ours and to others.</summary>
    private const string ProxyLabel = "service.kubernetes.io/service-proxy-name";

    public static JsonObject Service(string address) => new()
    {
        ["apiVersion"] = "v1",
        ["kind"] = "Service",
        ["metadata"] = new JsonObject
        {
            ["name"] = ServiceName,
            ["namespace"] = Namespace,
            ["labels"] = new JsonObject
            {
                ["k8s-app"] = ServiceName,
                ["kubernetes.io/cluster-service"] = "true",
                ["kubernetes.io/name"] = "CoreDNS",
                [ProxyLabel] = "grainkube-dns",
            },
        },
        ["spec"] = new JsonObject { ["clusterIP"] = address, ["clusterIPs"] = new JsonArray(address), ["ports"] = Ports(withTarget: true) },
    };

    public static JsonObject Slice(string address) => new()
    {
        ["apiVersion"] = "discovery.k8s.io/v1",
        ["kind"] = "EndpointSlice",
        ["metadata"] = new JsonObject
        {
            ["name"] = SliceName,
            ["namespace"] = Namespace,
            ["labels"] = new JsonObject
            {
                ["k8s-app"] = ServiceName,
                ["kubernetes.io/service-name"] = ServiceName,
                ["endpointslice.kubernetes.io/managed-by"] = "grainkube-dns",
            },
        },
        ["addressType"] = "IPv4",
        ["endpoints"] = new JsonArray(new JsonObject
        {
            ["addresses"] = new JsonArray(address),
            ["conditions"] = new JsonObject { ["ready"] = true, ["serving"] = true, ["terminating"] = false },
        }),
        ["ports"] = Ports(withTarget: false),
    };

    private static JsonArray Ports(bool withTarget) => [Port("dns", "UDP", withTarget), Port("dns-tcp", "TCP", withTarget)];

    private static JsonObject Port(string name, string protocol, bool withTarget)
    {
        var port = new JsonObject { ["name"] = name, ["port"] = 53, ["protocol"] = protocol };
        if (withTarget)
        {
            port["targetPort"] = 53;
        }

        return port;
    }
}
