using GrainKube.ApiMachinery.Definitions;
using k8s.Models;

namespace GrainKube.Resources.Rbac.ClusterRoleBindings;

internal sealed class ClusterRoleBindingDefinition : BuiltInDefinition<V1ClusterRoleBinding>
{
    public ClusterRoleBindingDefinition()
        : base(ResourceNames.ClusterWide("rbac.authorization.k8s.io", "v1", "clusterrolebindings", "ClusterRoleBinding"))
    {
        Uses(new ClusterRoleBindingColumns());
        Uses(new ClusterRoleBindingValidator());
        Uses(new ClusterRoleBindingDefaults());
        CreatesOnUpdate = true;
        NameFormat = NameFormat.PathSegment;
    }
}
