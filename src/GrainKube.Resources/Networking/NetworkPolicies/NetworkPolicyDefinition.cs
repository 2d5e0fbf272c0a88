using GrainKube.ApiMachinery.Definitions;
using k8s.Models;

namespace GrainKube.Resources.Networking.NetworkPolicies;

internal sealed class NetworkPolicyDefinition : BuiltInDefinition<V1NetworkPolicy>
{
    public NetworkPolicyDefinition()
        : base(ResourceNames.InNamespace("networking.k8s.io", "v1", "networkpolicies", "NetworkPolicy", "netpol"))
    {
        Uses(new NetworkPolicyColumns());
        Uses(new NetworkPolicyDefaults());
        Uses(new NetworkPolicyValidator());
        HasGeneration = true;
    }
}
