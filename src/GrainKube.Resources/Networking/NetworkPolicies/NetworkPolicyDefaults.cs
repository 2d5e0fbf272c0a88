using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Definitions;

namespace GrainKube.Resources.Networking.NetworkPolicies;

internal sealed class NetworkPolicyDefaults : IDefaults
{
    public void Apply(JsonObject item)
    {
        var spec = item.Ensure("spec");
        if (spec["policyTypes"] is not JsonArray { Count: > 0 })
        {
            spec["policyTypes"] = spec["egress"] is JsonArray { Count: > 0 } ? new JsonArray("Ingress", "Egress") : new JsonArray("Ingress");
        }

        foreach (var port in spec.Objects("ingress").Concat(spec.Objects("egress")).SelectMany(r => r.Objects("ports")))
        {
            port.DefaultAbsentTo("protocol", "TCP");
        }
    }
}
