using GrainKube.ApiMachinery.Definitions;
using k8s.Models;

namespace GrainKube.Resources.Rbac.ClusterRoles;

internal sealed class ClusterRoleDefinition : BuiltInDefinition<V1ClusterRole>
{
    public ClusterRoleDefinition()
        : base(ResourceNames.ClusterWide("rbac.authorization.k8s.io", "v1", "clusterroles", "ClusterRole"))
    {
        Uses(new ClusterRoleColumns());
        Uses(new ClusterRoleValidator());
        CreatesOnUpdate = true;
        NameFormat = NameFormat.PathSegment;
    }
}
