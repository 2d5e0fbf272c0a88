using System.Text.Json.Nodes;

namespace GrainKube.Resources.Core.Services;

/// <summary>Questions about a service that defaults, strategy and validation ask.</summary>
internal static class ServiceShape
{
    /// <summary>Clients from outside the cluster reach it.</summary>
    public static bool IsExternallyAccessible(JsonObject spec) =>
        spec.Text("type") is "LoadBalancer" or "NodePort" || (spec.Text("type") == "ClusterIP" && spec["externalIPs"] is JsonArray { Count: > 0 });

    public static bool NeedsHealthCheck(JsonObject? spec) => spec.Text("type") == "LoadBalancer" && spec.Text("externalTrafficPolicy") == "Local";

    public static bool NeedsClusterIp(JsonObject? spec) => spec.Text("type") is "ClusterIP" or "NodePort" or "LoadBalancer";

    public static bool NeedsNodePort(JsonObject? spec) =>
        spec.Text("type") == "NodePort" || (spec.Text("type") == "LoadBalancer" && (spec?["allocateLoadBalancerNodePorts"] is null || spec.Flag("allocateLoadBalancerNodePorts")));
}
