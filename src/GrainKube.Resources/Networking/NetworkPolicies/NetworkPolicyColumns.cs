using GrainKube.Resources.Columns;
using k8s.Models;

namespace GrainKube.Resources.Networking.NetworkPolicies;

internal sealed class NetworkPolicyColumns : KindColumns<V1NetworkPolicy>
{
    public NetworkPolicyColumns()
    {
        Name();
        Text("Pod-Selector", item => CellTexts.Selector(item.Spec?.PodSelector), "Pods that the policy is about.");
        Age();
    }
}
