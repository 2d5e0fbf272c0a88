using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Definitions;

namespace GrainKube.Resources.Core.Services;

internal sealed class ServiceDefaults : IDefaults
{
    private const int ThreeHours = 10_800;

    public void Apply(JsonObject item)
    {
        var spec = item.Ensure("spec");
        spec.DefaultTo("sessionAffinity", "None");
        spec.DefaultTo("type", "ClusterIP");
        Affinity(spec);
        foreach (var port in spec.Objects("ports"))
        {
            port.DefaultTo("protocol", "TCP");
            if (port.Text("targetPort").Length == 0 && port.Number("targetPort") is null or 0 && port.Number("port") is { } number)
            {
                port["targetPort"] = ApiMachinery.Schemas.JsonNumber.Of(number);
            }
        }

        var type = spec.Text("type");
        if (ServiceShape.IsExternallyAccessible(spec))
        {
            spec.DefaultTo("externalTrafficPolicy", "Cluster");
        }

        if (type is "NodePort" or "LoadBalancer" or "ClusterIP")
        {
            spec.DefaultTo("internalTrafficPolicy", "Cluster");
        }

        if (type == "LoadBalancer")
        {
            spec.DefaultTo("allocateLoadBalancerNodePorts", true);
            foreach (var ingress in item.Object("status").Object("loadBalancer").Objects("ingress"))
            {
                if (ingress.Text("ip").Length > 0)
                {
                    ingress.DefaultTo("ipMode", "VIP");
                }
            }
        }
    }

    private static void Affinity(JsonObject spec)
    {
        if (spec.Text("sessionAffinity") == "None")
        {
            spec.Remove("sessionAffinityConfig");
        }
        else if (spec.Text("sessionAffinity") == "ClientIP")
        {
            spec.Ensure("sessionAffinityConfig").Ensure("clientIP").DefaultTo("timeoutSeconds", ThreeHours);
        }
    }
}
