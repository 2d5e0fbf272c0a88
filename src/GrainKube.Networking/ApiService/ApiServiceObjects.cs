using System.Text.Json.Nodes;
using k8s.Models;

namespace GrainKube.Networking.ApiService;

/// <summary>The Service <c>kubernetes</c> and its endpoints, as upstream's API server makes them. Pure.</summary>
internal static class ApiServiceObjects
{
    public const string Namespace = "default";
    public const string Name = "kubernetes";
    private const int Port = 443;
    private const string PortName = "https";

    public static JsonObject Service(string address, int gatewayPort) => new()
    {
        ["apiVersion"] = "v1",
        ["kind"] = "Service",
        ["metadata"] = new JsonObject
        {
            ["name"] = Name, ["namespace"] = Namespace, ["labels"] = new JsonObject { ["component"] = "apiserver", ["provider"] = Name },
        },
        ["spec"] = new JsonObject
        {
            ["type"] = "ClusterIP",
            ["clusterIP"] = address,
            ["clusterIPs"] = new JsonArray(address),
            ["sessionAffinity"] = "None",
            ["ports"] = ServicePorts(gatewayPort),
        },
    };

    public static JsonArray ServicePorts(int gatewayPort) =>
        new(new JsonObject { ["name"] = PortName, ["port"] = Port, ["protocol"] = "TCP", ["targetPort"] = gatewayPort });

    /// <summary>True where the service leads to that port.</summary>
    public static bool LeadsTo(V1Service service, int gatewayPort) =>
        service.Spec?.Ports is [{ Name: PortName, Port: Port, Protocol: "TCP" } port] && port.TargetPort?.Value == gatewayPort.ToString(System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>One subset for each port.</summary>
    public static JsonObject Endpoints(IReadOnlyCollection<GatewayAddress> gateways) => new()
    {
        ["apiVersion"] = "v1",
        ["kind"] = "Endpoints",
        ["metadata"] = new JsonObject { ["name"] = Name, ["namespace"] = Namespace, ["labels"] = new JsonObject { ["endpointslice.kubernetes.io/skip-mirror"] = "true" } },
        ["subsets"] = new JsonArray([.. gateways.Order().GroupBy(g => g.Port).Select(group => (JsonNode)new JsonObject
        {
            ["addresses"] = new JsonArray([.. group.Select(g => (JsonNode)new JsonObject { ["ip"] = g.Address })]),
            ["ports"] = new JsonArray(new JsonObject { ["name"] = PortName, ["port"] = group.Key, ["protocol"] = "TCP" }),
        })]),
    };

    public static IEnumerable<GatewayAddress> Read(V1Endpoints endpoints) =>
        from subset in endpoints.Subsets ?? []
        from port in subset.Ports ?? []
        from address in subset.Addresses ?? []
        select new GatewayAddress(address.Ip, port.Port);

    /// <summary>A slice for each family and port; the first has the service's own name.</summary>
    public static IReadOnlyList<JsonObject> Slices(IReadOnlyCollection<GatewayAddress> gateways) =>
    [
        .. gateways.Order().GroupBy(g => (g.Family, g.Port)).OrderBy(g => g.Key).Select((group, index) => new JsonObject
        {
            ["apiVersion"] = "discovery.k8s.io/v1",
            ["kind"] = "EndpointSlice",
            ["metadata"] = new JsonObject
            {
                ["name"] = index == 0 ? Name : FormattableString.Invariant($"{Name}-{group.Key.Family.ToLowerInvariant()}-{group.Key.Port}"),
                ["namespace"] = Namespace,
                ["labels"] = new JsonObject { ["kubernetes.io/service-name"] = Name },
            },
            ["addressType"] = group.Key.Family,
            ["endpoints"] = new JsonArray([.. group.Select(g => (JsonNode)new JsonObject { ["addresses"] = new JsonArray(g.Address), ["conditions"] = new JsonObject { ["ready"] = true } })]),
            ["ports"] = new JsonArray(new JsonObject { ["name"] = PortName, ["port"] = group.Key.Port, ["protocol"] = "TCP" }),
        }),
    ];

    public static IEnumerable<GatewayAddress> Read(V1EndpointSlice slice) =>
        from port in slice.Ports ?? []
        from endpoint in slice.Endpoints ?? []
        where endpoint.Conditions?.Ready != false
        from address in endpoint.Addresses
        select new GatewayAddress(address, port.Port ?? 0);
}
